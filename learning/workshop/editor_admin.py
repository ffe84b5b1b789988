"""The "Write" tab: a lesson as a list of blocks and questions, and a form for each of them."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from learning.models import Lesson
from learning.workshop import acts, drafts, editing, fields, items, problems, showing, windows, words
from learning.workshop.door import WorkshopAdmin, staff_id
from learning.workshop.items import Item, NoSuchItem, Part
from learning.workshop.reading import Sent

PLACES = {"up": -1, "down": 1}


class EditorAdmin(WorkshopAdmin):
    """Pages where staff write: `workshop`, `block`, `question`, `policy` and `shown`."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.workshop_path("workshop/", self.write, "workshop"),
            self.workshop_path("workshop/shown/", self.shown, "shown", methods=("POST",)),
            self.workshop_path("workshop/policy/", self.policy, "policy"),
            self.workshop_path("workshop/blocks/<slug:block>/", self.block, "block"),
            self.workshop_path("workshop/questions/<slug:question>/", self.question, "question"),
            *super().get_urls(),
        ]

    # --- The whole lesson ---------------------------------------------------------------------------------

    def write(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """The list; what is sent is one act on it."""
        if request.method == "POST":
            return self._act(request, lesson)
        draft = drafts.draft_of(lesson)
        return self.workshop_page(
            request,
            lesson,
            "write.html",
            _("Write"),
            tab="write",
            draft=draft,
            state=editing.state_of(lesson),
            parts=[
                _listed(lesson, draft, part, request.GET.get("after", "")) for part in ("blocks", "questions")
            ],
            policy=items.items_of(draft, "policy"),
            policy_url=reverse("admin:learning_lesson_policy", args=[lesson.pk]),
        )

    def _act(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """One act, then back to where it was done."""
        do, part, item = _act_of(request.POST.get("do", ""))
        by = staff_id(request)
        try:
            if do == "add":
                kind, after = request.POST.get(f"{part}-kind", ""), request.POST.get(f"{part}-after", "")
                return HttpResponseRedirect(
                    _url(lesson, part, editing.add(lesson, part, kind, after=after, by=by))
                )
            if do in ("delete", "discard") and "sure" not in request.POST:
                return self._ask(request, lesson, do, part, item)
            if do == "delete":
                editing.delete(lesson, part, item, by=by)
                messages.success(request, _("It is deleted from the draft."))
            elif do == "discard":
                return self._discard(request, lesson)
            elif do == "copy":
                item = editing.duplicate(lesson, part, item, by=by)
            elif do in PLACES:
                editing.move(lesson, part, item, by_places=PLACES[do], by=by)
        except NoSuchItem:
            messages.warning(request, _("That is not in the draft any more: somebody else changed it."))
        except editing.Full:
            messages.warning(request, _("There is room for %(n)s of them.") % {"n": items.MOST})
        except drafts.Outdated:
            messages.warning(request, _("Others are saving this lesson just now. Please try again."))
        return HttpResponseRedirect(f"{_url(lesson)}#{part}-{item}" if item else _url(lesson))

    def _ask(self, request: HttpRequest, lesson: Lesson, do: str, part: Part, item: str) -> HttpResponse:
        """Whether somebody is sure."""
        draft = drafts.draft_of(lesson)
        found = items.find(draft, part, item) if do == "delete" else None
        title = _("Delete from the draft?") if found else _("Discard the draft?")
        return self.workshop_page(
            request, lesson, "sure.html", title, tab="write", item=found, draft=draft, do=request.POST["do"],
            back=f"{_url(lesson)}#{part}-{item}" if found else _url(lesson),
        )  # fmt: skip

    def _discard(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        revision = request.POST.get("revision", "")
        try:
            drafts.discard(
                lesson, revision=int(revision) if revision.isdecimal() and len(revision) < 9 else -1
            )
            messages.success(request, _("The draft is discarded; what is published stays as it is."))
        except drafts.Outdated:
            messages.warning(
                request,
                _("The draft was changed meanwhile, so it was not discarded. Please look at it again."),
            )
        return HttpResponseRedirect(_url(lesson))

    # --- One item -----------------------------------------------------------------------------------------

    def block(self, request: HttpRequest, lesson: Lesson, block: str) -> HttpResponse:
        """The form of a block."""
        return self._item(request, lesson, "blocks", block)

    def question(self, request: HttpRequest, lesson: Lesson, question: str) -> HttpResponse:
        """The form of a question."""
        return self._item(request, lesson, "questions", question)

    def policy(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """The form of how the assessment works."""
        return self._item(request, lesson, "policy", "policy")

    def _item(self, request: HttpRequest, lesson: Lesson, part: Part, name: str) -> HttpResponse:
        known = _known(request, drafts.draft_of(lesson), part, name)
        if request.method == "POST":
            return self._save(request, lesson, known)
        fresh = known.raw == {"id": known.id, **acts.starter(known.model)}
        shown = showing.show(known) if not fresh else None
        wanted = shown if shown and "show" in request.GET else None
        return self._form(
            request, lesson, known, problems_found=shown.problems if shown else [], shown=wanted
        )

    def _save(self, request: HttpRequest, lesson: Lesson, known: Item) -> HttpResponse:
        do = request.POST.get("do", "save")
        seen = request.POST.get("draft-seen", "")
        try:
            kept = editing.keep(lesson, known, _sent(request), seen=seen, do=do, by=staff_id(request))
        except editing.ChangedMeanwhile as error:
            return self._form(request, lesson, error.item, typed=error.typed, conflict=error)
        except drafts.Outdated:
            typed = editing.typed_of(lesson, known, _sent(request))
            messages.warning(request, _("Others are saving this lesson just now. Please try again."))
            return self._form(request, lesson, known, typed=typed)
        here = _url(lesson, known.part, known.id)
        if do == "show":
            return HttpResponseRedirect(f"{here}?show=1#shown")
        if ":" in do:
            return HttpResponseRedirect(f"{here}#f-{kept.path.replace('.', '-')}")
        found = showing.show(kept.item).problems
        if found:
            messages.warning(request, _("Saved. Before it can be published, something needs a look."))
        else:
            messages.success(request, _("Saved."))
        return HttpResponseRedirect(_next(lesson, kept.item) if do == "next" and not found else here)

    def _form(
        self,
        request: HttpRequest,
        lesson: Lesson,
        item: Item,
        *,
        typed: drafts.Json | None = None,
        problems_found: list[problems.Problem] | None = None,
        **found: Any,
    ) -> HttpResponse:
        told = problems_found or []
        made = fields.build(
            item.model,
            item.raw if typed is None else typed,
            offers=windows.offers(),
            errors=problems.by_path(told),
            leave_out=(items.LISTED,) if item.part == "policy" else ("id",),
        )
        return self.workshop_page(
            request,
            lesson,
            "item.html",
            _called(item),
            tab="write",
            item=item,
            fields=windows.with_spans(made),
            problems=told,
            moves=windows.verbs(),
            here_url=_url(lesson, item.part, item.id),
            list_url=f"{_url(lesson)}#{item.part}-{item.id}",
            shown_url=reverse("admin:learning_lesson_shown", args=[lesson.pk]),
            # What learners see stands beside the form: there is no room for the list of all models.
            is_nav_sidebar_enabled=False,
            **found,
        )

    def shown(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """What a form holds, as learners would see it, without keeping it: for the page's script."""
        part = request.POST.get("draft-part", "")
        if part not in items.KINDS:
            raise Http404
        known = _known(request, drafts.draft_of(lesson), cast(Part, part), request.POST.get("draft-item", ""))
        typed = editing.typed_of(lesson, known, _sent(request))
        shown = showing.show(items.with_raw(known, typed))
        return render(request, "admin/learning/lesson/_shown.html", {"shown": shown, "item": known})


def _known(request: HttpRequest, draft: drafts.Draft, part: Part, name: str) -> Item:
    """The item; deleted while somebody wrote it, an empty one of the kind that their form says."""
    try:
        return items.find(draft, part, name)
    except NoSuchItem as error:
        kind = request.POST.get("draft-kind", "")
        model = items.KINDS.get(part, {}).get(kind)
        if model is None or not name:
            raise Http404 from error
        return Item(part, name, kind, model, {"id": name})


def _sent(request: HttpRequest) -> Sent:
    return {name: [str(value) for value in request.POST.getlist(name)] for name in request.POST}


def _act_of(do: str) -> tuple[str, Part, str]:
    """As in `up:blocks:a-first-look`."""
    verb, _, rest = do.partition(":")
    part, _, item = rest.partition(":")
    return verb, cast(Part, part if part in items.KINDS else "blocks"), item


def _url(lesson: Lesson, part: str = "", item: str = "") -> str:
    name = {"blocks": "block", "questions": "question", "policy": "policy"}.get(part, "workshop")
    args: list[uuid.UUID | str] = [lesson.pk, item] if name in ("block", "question") else [lesson.pk]
    return reverse(f"admin:learning_lesson_{name}", args=args)


def _next(lesson: Lesson, item: Item) -> str:
    """The form of what comes after it, else the list."""
    draft = drafts.draft_of(lesson)
    rows = [*items.items_of(draft, "blocks"), *items.items_of(draft, "questions")]
    after = [
        row for n, row in enumerate(rows) if n and (rows[n - 1].part, rows[n - 1].id) == (item.part, item.id)
    ]
    return _url(lesson, after[0].part, after[0].id) if after else _url(lesson)


def _called(item: Item) -> str:
    if item.part == "policy":
        return _("How the assessment works")
    row = words.row(item.part)
    return _("%(row)s %(n)s: %(kind)s") % {"row": row, "n": item.number, "kind": item.called}


def _listed(lesson: Lesson, draft: drafts.Draft, part: Part, after: str) -> dict[str, Any]:
    """What the list shows of the blocks or the questions."""
    rows = items.items_of(draft, part)
    return {
        "name": part,
        "rows": [(row, _url(lesson, part, row.id), row.problems) for row in rows],
        "kinds": [(kind, words.kind(kind), words.about(model)) for kind, model in items.KINDS[part].items()],
        "after": after,
        "row": words.row(part),
    }
