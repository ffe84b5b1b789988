"""Preview as learner: a frame in the admin, and the framed pages that learners know."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple, cast, get_args

from csp.decorators import csp_replace
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from learning.models import Lesson, LessonVersion
from learning.questions import Form
from learning.workshop import preview, trial
from learning.workshop.checks.finding import Finding
from learning.workshop.door import View, WorkshopAdmin, staff_id
from learning.workshop.look import THEMES, Answered, Look, NoSuchVersion, chosen, look_of
from learning.workshop.source import CannotBeShown, Source, source_of

Decorator = Callable[[View], View]
READ = ("GET", "HEAD")
FORM_ERRORS = 422
WIDTHS = ("phone", "tablet", "full")
# Only our own pages may frame these, and only the one that does may hold a frame.
may_be_framed = cast(Decorator, csp_replace({"frame-ancestors": ["'self'"]}))
may_frame = cast(Decorator, csp_replace({"frame-src": ["'self'"]}))


class Bar(NamedTuple):
    """What the framed page says above itself; `query` is what its forms carry along."""

    words: str
    leave_url: str
    query: tuple[tuple[str, str], ...]
    other_url: str = ""


class PreviewAdmin(WorkshopAdmin):
    """`preview/` and the pages that it frames. Staff who may see the gate see them; nothing is kept."""

    def get_urls(self) -> list[URLPattern]:
        seen: dict[str, Any] = {"permission": "view"}
        block, paper = "preview/blocks/<int:number>/", "preview/assessment/"
        chart, data = f"{block}charts/<int:which>/", "preview/questions/<int:number>/chart/"
        return [
            self.workshop_path("preview/", may_frame(self.preview), "preview", methods=READ, **seen),
            self.workshop_path(block, _framed(self.preview_block), "preview_block", **seen),
            self.workshop_path(paper, _framed(self.preview_assessment), "preview_assessment", **seen),
            self.workshop_path(
                chart, _found(self.preview_block_chart), "preview_block_chart", methods=READ, **seen
            ),
            self.workshop_path(
                data, _found(self.preview_question_chart), "preview_question_chart", methods=READ, **seen
            ),
            *super().get_urls(),
        ]

    def preview(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """The draft in a frame, beside what keeps it from being shown."""
        return self.framing(request, lesson, source_of(lesson), tab="preview", title=_("Preview as learner"))

    def framing(
        self, request: HttpRequest, lesson: Lesson, source: Source, *, tab: str, title: str
    ) -> HttpResponse:
        """The page that frames a source, as the query asks: which part, how wide, light or dark."""
        theme = chosen(request.GET.get("theme"), THEMES)
        look = Look(lesson.pk, theme=theme, version=source.version)
        parts = _parts(source, look)
        part = chosen(request.GET.get("part"), tuple(parts))
        return self.workshop_page(
            request,
            lesson,
            "preview.html",
            title,
            tab=tab,
            source=source,
            parts=[(code, words) for code, (words, _url) in parts.items()],
            part=part,
            part_words=parts[part][0],
            shown_url=parts[part][1],
            theme=theme,
            width=chosen(request.GET.get("width"), WIDTHS),
            findings=_problems(source),
        )

    def preview_block(
        self, request: HttpRequest, lesson: Lesson, source: Source, look: Look, number: int
    ) -> HttpResponse:
        """One block on the player's page; an answer that is posted comes back graded."""
        form = _form(request)
        step = preview.step(
            source, look, number, by=staff_id(request), query=dict(request.GET.lists()), form=form
        )
        lacks = bool(step.block.shown.get("question", {}).get("error"))
        context = {"step": step, "preview": _bar(source, look), "theme": look.theme}
        return render(request, "learning/preview/block.html", context, status=FORM_ERRORS if lacks else 200)

    def preview_assessment(
        self, request: HttpRequest, lesson: Lesson, source: Source, look: Look
    ) -> HttpResponse:
        """The paper of this seed; its result when it was handed in, or `answered` by itself."""
        attempt = preview.attempt_of(source, look)
        context: dict[str, Any] = {"theme": look.theme}
        context["preview"] = _bar(source, look, look.with_seed(look.seed + 1).assessment_url())
        form = _form(request)
        if form is None and (answered := request.GET.get("answered")) in get_args(Answered):
            form = preview.answers(attempt, cast(Answered, answered))
        if form is not None and preview.is_complete(attempt, form):
            context["result"] = preview.result(attempt, look, form)
            return render(request, "learning/preview/result.html", context)
        context["paper"] = preview.paper(attempt, look, form)
        status = 200 if form is None else FORM_ERRORS
        return render(request, "learning/preview/attempt.html", context, status=status)

    def preview_block_chart(
        self, request: HttpRequest, lesson: Lesson, source: Source, look: Look, number: int, which: int
    ) -> HttpResponse:
        """The data of a block's chart."""
        return JsonResponse(preview.block_chart(source, number, which))

    def preview_question_chart(
        self, request: HttpRequest, lesson: Lesson, source: Source, look: Look, number: int
    ) -> HttpResponse:
        """The data of a question's chart."""
        return JsonResponse(preview.question_chart(source, number))


def _found(view: Callable[..., HttpResponse]) -> View:
    """Gives the view what the query asks for; 404 where there is no such thing or it cannot be shown."""

    @wraps(view)
    def found(request: HttpRequest, lesson: Lesson, **parts: Any) -> HttpResponse:
        try:
            look = look_of(lesson.pk, request.GET.dict())
            return view(request, lesson, source_of(lesson, look.version), look, **parts)
        except (CannotBeShown, LessonVersion.DoesNotExist, LookupError, NoSuchVersion) as error:
            raise Http404 from error

    return found


def _framed(view: Callable[..., HttpResponse]) -> View:
    """The same for a page in a frame, which says in words why something cannot be shown."""

    @wraps(view)
    def shown(request: HttpRequest, lesson: Lesson, source: Source, look: Look, **parts: Any) -> HttpResponse:
        try:
            return view(request, lesson, source, look, **parts)
        except CannotBeShown as error:
            context = {"problems": error.problems, "preview": _bar(source, look), "theme": look.theme}
            return render(request, "learning/preview/problems.html", context)

    return xframe_options_sameorigin(may_be_framed(_found(shown)))


def _form(request: HttpRequest) -> Form | None:
    if request.method != "POST":
        return None
    return {name: request.POST.getlist(name) for name in request.POST}


def _bar(source: Source, look: Look, other_url: str = "") -> Bar:
    words = (
        _("Preview of the draft: nothing is kept.")
        if source.version is None
        else _("Version %(n)s as it was: nothing is kept.") % {"n": source.version}
    )
    return Bar(words, look.frame_url(), look.query, other_url)


def _parts(source: Source, look: Look) -> dict[str, tuple[str, str]]:
    """What can be framed, by a code for the address: its name and where it is."""
    found = {
        f"block-{number}": (f"{number}. {title}", look.block_url(number))
        for number, title in enumerate(source.titles, start=1)
    }
    return found | {
        "assessment": (_("The questions"), look.assessment_url()),
        "right": (_("The result, everything right"), look.assessment_url(answered="right")),
        "wrong": (_("The result, everything wrong"), look.assessment_url(answered="wrong")),
    }


def _problems(source: Source) -> list[Finding]:
    """What keeps blocks and questions of a draft from being shown."""
    if source.rendered is not None:
        return []
    tried = trial.tried(source.content, source.assessment)
    items = (*tried.blocks, *tried.questions)
    told = [Finding.of(item, sentence) for item in items for sentence in item.problems]
    return [*map(Finding, tried.faults), *told]
