"""Pages that look at several apps, and those that belong to none."""

from pathlib import Path

from django.conf import settings
from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.authentication import signed_in
from dracarys import mailbox
from dracarys.context import THEMES
from dracarys.dashboard import dashboard_of
from learning.landing import landing

A_YEAR = 60 * 60 * 24 * 365


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What Dracarys is, for somebody who does not know it yet."""
    if request.user.is_authenticated:
        return redirect("dashboard")
    page = landing()
    return render(request, "home.html", {"levels": page.levels, "sample_chart": page.sample_chart})


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """What to do now, and where one stands."""
    page = dashboard_of(signed_in(request).profile, at=timezone.now())
    return render(request, "dashboard.html", {"page": page})


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme in a cookie; the server renders it, so that nothing flashes."""
    theme, back = request.POST.get("theme", ""), request.POST.get("next", "")
    secure = request.is_secure()
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=secure)
    # Not `redirect`, which would take a word for the name of a page.
    response = HttpResponseRedirect(back if safe else reverse("home"))
    if theme in THEMES:
        response.set_cookie(
            settings.THEME_COOKIE_NAME, theme, A_YEAR, secure=secure, httponly=True, samesite="Lax"
        )
    return response


@login_not_required
@require_safe
def document(request: HttpRequest, template: str) -> HttpResponse:
    """A page of text: terms, risk, licences, help."""
    return render(request, template)


@staff_member_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build pages."""
    return render(request, "components.html")


@login_not_required
@require_safe
def show_inbox(request: HttpRequest) -> HttpResponse:
    """The mail of the zero-setup run."""
    return render(request, "mail/inbox.html", {"messages_list": mailbox.inbox(Path(settings.MAILBOX_PATH))})


@login_not_required
@require_safe
def show_mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail of the zero-setup run."""
    try:
        mail = mailbox.read(Path(settings.MAILBOX_PATH), name)
    except mailbox.NoSuchMail as error:
        raise Http404 from error
    return render(request, "mail/message.html", {"mail": mail})
