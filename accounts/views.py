"""Pages about oneself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import people
from accounts.authentication import signed_in
from accounts.forms import ProfileForm, WelcomeForm

FORM_ERRORS = 422


@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """Terms, risk and the first things about a new person."""
    user = signed_in(request)
    if user.terms_accepted_at:
        return redirect("dashboard")
    initial = {"full_name": user.profile.full_name, "timezone": user.profile.timezone}
    form = WelcomeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = {key: value for key, value in form.cleaned_data.items() if key != "accept_terms"}
        people.welcome(user_id=user.pk, at=timezone.now(), **answers)
        return redirect("dashboard")
    return render(
        request, "accounts/welcome.html", {"form": form}, status=FORM_ERRORS if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Name, text, time zone, language, experience and goals."""
    user = signed_in(request)
    shown = {name: getattr(user.profile, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        people.update_profile(user_id=user.pk, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("accounts:profile")
    return render(
        request, "accounts/profile.html", {"form": form}, status=FORM_ERRORS if form.errors else 200
    )
