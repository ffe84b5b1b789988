"""What learners do beside a lesson: words to look up, notes, bookmarks, ratings, reports, and search."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.authentication import signed_in
from learning import beside_forms, bookmarks, glossary, notes, reports, search
from learning.doors import gate_view
from learning.models import Attempt, GlossaryTerm, Lesson

FORM_ERRORS = 422
View = Callable[..., HttpResponse]
# Somebody whose session ended comes back here from signing in, by GET: they see the page again.
posted = require_http_methods(["GET", "HEAD", "POST"])


def _question_view(view: View) -> View:
    """A stranger's attempt answers like one that does not exist; so does one that is not graded yet."""

    @wraps(view)
    def wrapped(request: HttpRequest, attempt_id: uuid.UUID, number: int) -> HttpResponse:
        try:
            place = reports.question(user_id=signed_in(request).pk, attempt_id=attempt_id, number=number)
        except (Attempt.DoesNotExist, reports.NoSuchPlace) as error:
            raise Http404 from error
        back = f"{reverse('learning:result', args=[attempt_id])}#feedback-{number}"
        return view(request, place, back)

    return wrapped


def _block_view(view: View) -> View:
    """As for a question: the place, and the page to go back to."""

    @gate_view
    @wraps(view)
    def wrapped(request: HttpRequest, lesson: Lesson, number: int) -> HttpResponse:
        place = reports.block(user_id=signed_in(request).pk, lesson=lesson, number=number)
        return view(request, place, _block_url(lesson, number))

    return wrapped


@login_not_required
@require_safe
def show_glossary(request: HttpRequest) -> HttpResponse:
    """All words by letter. Public: a definition is no secret, and a link to one helps whoever follows it."""
    return render(request, "learning/glossary.html", {"page": glossary.glossary(_query(request))})


@login_not_required
@require_safe
def show_term(request: HttpRequest, code: str) -> HttpResponse:
    """One word; to a script that opens it in place only the definition."""
    reader = request.user.pk if request.user.is_authenticated else None
    try:
        entry = glossary.entry(code, reader=reader, with_gates=not _is_htmx(request))
    except GlossaryTerm.DoesNotExist as error:
        raise Http404 from error
    template = "learning/_term.html" if _is_htmx(request) else "learning/term.html"
    return render(request, template, {"term": entry})


@require_safe
def show_search(request: HttpRequest) -> HttpResponse:
    """The gates that this person may open, and the glossary."""
    found = search.search(_query(request), user_id=signed_in(request).pk)
    return render(request, "learning/search.html", {"found": found})


@require_safe
def show_notes(request: HttpRequest) -> HttpResponse:
    """All notes and bookmarks of the person who asks."""
    page = notes.page_of(signed_in(request).pk, _query(request))
    return render(request, "learning/notes.html", {"page": page})


@require_safe
def show_reports(request: HttpRequest) -> HttpResponse:
    """What the person who asks has reported, with the answers."""
    return render(request, "learning/reports.html", {"reports": reports.own_reports(signed_in(request).pk)})


@posted
@gate_view
def note(request: HttpRequest, lesson: Lesson, block: str) -> HttpResponse:
    """Keep a note; when it was changed meanwhile, both texts come back."""
    if request.method != "POST":
        return redirect(_block_url(lesson, notes.number_of(lesson=lesson, block=block)))
    form = beside_forms.NoteForm(request.POST)
    if not form.is_valid():
        typed = {"note": request.POST.get("text", ""), "seen": request.POST.get("seen", "")[:16]}
        return _unsaved(request, lesson, block, FORM_ERRORS, **typed, errors=form.errors.get("text"))
    text, last_seen = form.cleaned_data["text"], form.cleaned_data["seen"]
    writer = signed_in(request).pk
    try:
        number = notes.save(user_id=writer, lesson=lesson, block=block, text=text, last_seen=last_seen)
    except notes.Changed as changed:
        both = {"note": text, "stored": changed.stored, "seen": notes.seen(changed.stored)}
        return _unsaved(request, lesson, block, FORM_ERRORS, **both)
    if not _is_htmx(request):
        return redirect(f"{_block_url(lesson, number)}#note")
    return render(request, "learning/_note.html", {"note": text, "seen": notes.seen(text), "saved": True})


@posted
@gate_view
def bookmark(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """Keep the gate, or keep it no longer."""
    where = [lesson.level_id, lesson.gate_id]
    back = reverse("learning:gate", args=where)
    form = beside_forms.BookmarkForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect(back)
    wanted = form.cleaned_data["keep"]
    (bookmarks.keep if wanted else bookmarks.drop)(user_id=signed_in(request).pk, lesson=lesson)
    asked = form.cleaned_data["next"]
    if _is_htmx(request):
        shown = {"url": request.path, "kept": wanted, "title": lesson.title, "next": asked}
        return render(request, "learning/_bookmark.html", shown | {"level": where[0], "gate": where[1]})
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(asked if safe else back)


def _rate(request: HttpRequest, place: reports.Place, back: str) -> HttpResponse:
    """Keep how clear the place was."""
    form = beside_forms.RatingForm(request.POST)
    if request.method != "POST":
        return redirect(back)
    if not form.is_valid():
        if not _is_htmx(request):
            messages.error(request, _("Choose one to five stars."))
            return redirect(back)
        return render(request, "learning/_rated.html", {"error": True}, status=FORM_ERRORS)
    stars = form.cleaned_data["stars"]
    reports.rate(user_id=signed_in(request).pk, place=place, stars=stars)
    if _is_htmx(request):
        return render(request, "learning/_rated.html", {"stars": stars})
    messages.success(request, _("Thank you. Your rating is kept."))
    return redirect(back)


def _report(request: HttpRequest, place: reports.Place, back: str) -> HttpResponse:
    """Put a problem before the staff; errors bring the form back."""
    if request.method != "POST":
        return redirect(back)
    form = beside_forms.ReportForm(request.POST)
    shown = {"url": request.path, "back": back, "form": form, "uid": place.id}
    if not form.is_valid():
        return _reported(request, shown, FORM_ERRORS)
    try:
        reports.report(user_id=signed_in(request).pk, place=place, **form.cleaned_data)
    except reports.TooMany:
        return _reported(request, shown | {"too_many": reports.MOST_OPEN}, FORM_ERRORS)
    if _is_htmx(request):
        return _reported(request, {"url": request.path, "sent": True}, 200)
    messages.success(
        request, _("Thank you. The staff will read your report, and you will find the answer here.")
    )
    return redirect("learning:reports")


rate_block, report_block = posted(_block_view(_rate)), posted(_block_view(_report))
rate_question, report_question = posted(_question_view(_rate)), posted(_question_view(_report))


def _unsaved(request: HttpRequest, lesson: Lesson, block: str, status: int, **shown: Any) -> HttpResponse:
    """The note's form again, with what was typed and why it is not saved."""
    back = _block_url(lesson, notes.number_of(lesson=lesson, block=block))
    template = "learning/_note.html" if _is_htmx(request) else "learning/note.html"
    return render(request, template, {"url": request.path, "back": back, **shown}, status=status)


def _reported(request: HttpRequest, shown: dict[str, Any], status: int) -> HttpResponse:
    template = "learning/_report.html" if _is_htmx(request) else "learning/report.html"
    return render(request, template, shown, status=status)


def _block_url(lesson: Lesson, number: int) -> str:
    return reverse("learning:block", args=[lesson.level_id, lesson.gate_id, number])


def _query(request: HttpRequest) -> str:
    return request.GET.get("q", "")


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
