"""Pages of the path, the lesson player and the assessment. Each parses, makes one domain call and answers."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.adapters import device_of
from accounts.authentication import signed_in
from dracarys.db.acting import acting_as_service
from learning import (
    checkpoints,
    figures,
    insights,
    papers,
    path,
    player,
    progress,
    quiz_taking,
    reflections,
    results,
)
from learning.access import require_assessment
from learning.doors import attempt_view, gate_view
from learning.models import Lesson
from learning.questions import Form

FORM_ERRORS = 422


@require_safe
def show_path(request: HttpRequest) -> HttpResponse:
    """Every level and gate, with what is locked and why."""
    levels = path.path_of(signed_in(request).pk)
    return render(request, "learning/path.html", {"levels": levels, "next": path.next_step(levels)})


@require_safe
def show_insights(request: HttpRequest) -> HttpResponse:
    """What one's own answers tell, by topic and by how sure one was."""
    found = insights.insights_of(signed_in(request).pk)
    return render(request, "learning/insights.html", {"insights": found})


@require_safe
@gate_view
def gate(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """Where the learner left off: the first block not yet finished, or the assessment."""
    number = player.resume_at(user_id=signed_in(request).pk, lesson=lesson)
    where = [lesson.level_id, lesson.gate_id]
    if number is None:
        return redirect("learning:assessment", *where)
    return redirect("learning:block", *where, number)


@require_safe
@gate_view
def block(request: HttpRequest, lesson: Lesson, number: int) -> HttpResponse:
    """One block; to htmx only the part that changes."""
    step = player.step(
        user_id=signed_in(request).pk, lesson=lesson, number=number, query=dict(request.GET.lists())
    )
    return render(request, _template(request, "learning/block.html", "learning/_step.html"), {"step": step})


@require_http_methods(["GET", "HEAD", "POST"])
@gate_view
def check(request: HttpRequest, lesson: Lesson, checkpoint: int) -> HttpResponse:
    """An answer to a question inside the lesson; one that cannot be graded comes back with what it lacks."""
    where = [lesson.level_id, lesson.gate_id, checkpoint]
    if request.method != "POST":
        return redirect("learning:block", *where)
    learner = signed_in(request).pk
    try:
        player.check(
            user_id=learner, lesson=lesson, number=checkpoint, form=_form(request), at=timezone.now()
        )
    except checkpoints.NotYet as unfinished:
        step = player.step(user_id=learner, lesson=lesson, number=checkpoint, unfinished=unfinished)
        page = _template(request, "learning/block.html", "learning/_step.html")
        return render(request, page, {"step": step}, status=FORM_ERRORS)
    return redirect(f"{reverse('learning:block', args=where)}#outcome")


@require_http_methods(["GET", "HEAD", "POST"])
@gate_view
def reflect(request: HttpRequest, lesson: Lesson, reflection: int) -> HttpResponse:
    """Words of one's own, kept beside the block."""
    where = [lesson.level_id, lesson.gate_id, reflection]
    if request.method != "POST":
        return redirect("learning:block", *where)
    text = request.POST.get("text", "")
    try:
        player.reflect(user_id=signed_in(request).pk, lesson=lesson, number=reflection, text=text)
    except reflections.TooLong:
        messages.error(request, _("That is more than can be kept here: at most 5,000 characters."))
        return redirect("learning:block", *where)
    messages.success(request, _("Kept, for your eyes only."))
    return redirect("learning:block", *where)


@require_http_methods(["GET", "HEAD", "POST"])
@gate_view
def go_on(request: HttpRequest, lesson: Lesson, number: int) -> HttpResponse:
    """Block `number` is finished: on to the next one, or to the assessment.

    Somebody whose session ended comes back here from signing in, by GET: they see the block again.
    """
    if request.method != "POST":
        return redirect("learning:block", lesson.level_id, lesson.gate_id, number)
    learner = signed_in(request).pk
    step = player.step(user_id=learner, lesson=lesson, number=number)
    with acting_as_service():
        progress.reach(user_id=learner, lesson=lesson, position=number, at=timezone.now())
    where = [lesson.level_id, lesson.gate_id]
    if step.is_last:
        return _redirect(request, reverse("learning:assessment", args=where))
    if not _is_htmx(request):
        return redirect("learning:block", *where, number + 1)
    following = player.step(user_id=learner, lesson=lesson, number=number + 1)
    response = render(request, "learning/_step.html", {"step": following})
    response.headers["HX-Push-Url"] = following.url
    return response


@require_safe
@gate_view
@cache_control(private=True, max_age=31536000, immutable=True)
def block_chart(request: HttpRequest, lesson: Lesson, number: int, which: int) -> HttpResponse:
    """The data of a lesson's chart. The address carries a digest of it, so it may be kept for good."""
    return JsonResponse(
        player.chart_data(user_id=signed_in(request).pk, lesson=lesson, number=number, which=which)
    )


@require_safe
@cache_control(private=True, max_age=31536000, immutable=True)
def figure(request: HttpRequest, digest: str) -> HttpResponse:
    """A picture of a lesson, wherever it is stored: no bucket has to be public.

    Whoever signed in and knows the digest may see it; only a lesson that is open to them tells it.
    """
    try:
        return HttpResponse(figures.file_of(digest), content_type="image/webp")
    except figures.NoSuchFigure as error:
        raise Http404 from error


figure.acts_in_steps = True  # type: ignore[attr-defined]  # no transaction waits for the storage


@require_safe
@gate_view
def assessment(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """What to know before beginning, and earlier attempts."""
    intro = papers.introduction(user_id=signed_in(request).pk, lesson=lesson, now=timezone.now())
    return render(request, "learning/assessment.html", {"intro": intro})


@require_POST
@gate_view
def begin(request: HttpRequest, lesson: Lesson) -> HttpResponse:
    """Begin an attempt, or go on with the open one."""
    try:
        attempt = quiz_taking.begin(user_id=signed_in(request).pk, lesson_id=lesson.pk, at=timezone.now())
    except (quiz_taking.NoMoreAttempts, quiz_taking.TooSoon):
        # The page says how many there are, or when the next may begin.
        return redirect("learning:assessment", lesson.level_id, lesson.gate_id)
    return redirect(attempt)


@require_safe
@attempt_view
def attempt(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """The open paper; a graded one shows its result."""
    found = papers.own_attempt(user_id=signed_in(request).pk, attempt_id=attempt_id)
    if not papers.is_open(found):
        return redirect(found)
    voided = require_assessment(signed_in(request).pk, found.lesson_id).voided
    return render(request, "learning/attempt.html", {"paper": papers.paper_of(found, voided=voided)})


@require_POST
@attempt_view
def save_answer(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Keep what is filled in so far; the page saves by itself on every choice."""
    quiz_taking.save_answers(
        user_id=signed_in(request).pk, attempt_id=attempt_id, answers=_form(request), at=timezone.now()
    )
    return HttpResponse(status=204)


@require_POST
@attempt_view
def submit(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Grade the paper; left-out questions bring it back with an error at each."""
    answers = _form(request)
    try:
        graded = quiz_taking.submit(
            user_id=signed_in(request).pk,
            attempt_id=attempt_id,
            answers=answers,
            at=timezone.now(),
            device=device_of(request),
        )
    except quiz_taking.Unanswered as unanswered:
        found = papers.own_attempt(user_id=signed_in(request).pk, attempt_id=attempt_id)
        paper = papers.paper_of(found, form=answers, lacks=unanswered.lacks, voided=unanswered.voided)
        return render(request, "learning/attempt.html", {"paper": paper}, status=FORM_ERRORS)
    return _redirect(request, graded.get_absolute_url())


@require_safe
@attempt_view
def result(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Score, feedback for each answer, and what was earned."""
    found = papers.own_attempt(user_id=signed_in(request).pk, attempt_id=attempt_id)
    if papers.is_open(found):
        return redirect(found)
    levels = path.path_of(signed_in(request).pk)
    passed = path.has_passed(levels, found.paper["level"], found.paper["gate"])
    page = results.result_of(found, passed=passed, following=path.next_step(levels))
    return render(request, "learning/result.html", {"result": page})


@require_safe
@attempt_view
@cache_control(private=True, max_age=31536000, immutable=True)
def attempt_chart(request: HttpRequest, attempt_id: uuid.UUID, token: str) -> HttpResponse:
    """The data of a question's chart: only the window that the question shows."""
    found = papers.own_attempt(user_id=signed_in(request).pk, attempt_id=attempt_id)
    data = papers.chart_data(found, token)
    if data is None:
        raise Http404(_("This question has no chart."))
    return JsonResponse(data)


def _form(request: HttpRequest) -> Form:
    return {name: request.POST.getlist(name) for name in request.POST}


def _is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def _template(request: HttpRequest, page: str, fragment: str) -> str:
    return fragment if _is_htmx(request) else page


def _redirect(request: HttpRequest, url: str) -> HttpResponse:
    """A redirect of the whole page, also for htmx."""
    if _is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
