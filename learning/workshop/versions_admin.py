"""Versions of a gate: the list, what one of them said, how two differ, and taking one up as the draft."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _

from learning.models import Lesson, LessonVersion
from learning.workshop import drafts, history
from learning.workshop.door import staff_id
from learning.workshop.look import LARGEST
from learning.workshop.preview_admin import READ, PreviewAdmin, may_frame
from learning.workshop.source import Source, source_of

DRAFT = "draft"


class VersionsAdmin(PreviewAdmin):
    """`versions/` and `differences/`, for staff who may see the gate; who restores may change it."""

    def get_urls(self) -> list[URLPattern]:
        seen: dict[str, Any] = {"permission": "view", "methods": READ}
        one = "versions/<int:number>/"
        return [
            self.workshop_path("versions/", self.versions, "versions", **seen),
            self.workshop_path(one, may_frame(self.version), "version", **seen),
            self.workshop_path(f"{one}restore/", self.restore, "restore", methods=("POST",)),
            self.workshop_path("differences/", self.difference, "difference", **seen),
            *super().get_urls(),
        ]

    def versions(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """Every version, the draft on top."""
        return self.workshop_page(
            request,
            lesson,
            "versions.html",
            _("Versions"),
            tab="versions",
            draft=drafts.draft_of(lesson),
            versions=history.versions_of(lesson.pk),
        )

    def version(self, request: HttpRequest, lesson: Lesson, number: int) -> HttpResponse:
        """What a version said, on the pages that learners had."""
        title = _("Version %(n)s") % {"n": number}
        return self.framing(request, lesson, _source(lesson, str(number)), tab="versions", title=title)

    def restore(self, request: HttpRequest, lesson: Lesson, number: int) -> HttpResponse:
        """Take what a version said as the draft; a draft that somebody saved meanwhile stays."""
        revision = request.POST.get("revision", "")
        known = revision.isascii() and revision.isdecimal() and len(revision) <= len(str(LARGEST))
        try:
            drafts.restore(
                lesson, number=number, revision=int(revision) if known else -1, by=staff_id(request)
            )
        except LessonVersion.DoesNotExist as error:
            raise Http404 from error
        except drafts.Outdated:
            words = _(
                "The draft has changed since you looked at it, so it stays as it is. Look at it, and restore "
                "the version again if you still want to."
            )
            self.message_user(request, words, messages.WARNING)
        else:
            words = _("Version %(n)s is the draft now. Learners see it once it is published.")
            self.message_user(request, words % {"n": number}, messages.SUCCESS)
        return redirect("admin:learning_lesson_versions", lesson.pk)

    def difference(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """Two versions, or a version and the draft, item by item and word by word."""
        lines = history.versions_of(lesson.pk)
        newest = str(lines[0].number) if lines else DRAFT
        old = _source(lesson, request.GET.get("from") or newest)
        new = _source(lesson, request.GET.get("to") or DRAFT)
        return self.workshop_page(
            request,
            lesson,
            "difference.html",
            _("Differences"),
            tab="versions",
            old=old,
            new=new,
            versions=lines,
            differences=history.difference(old, new),
        )


def _source(lesson: Lesson, which: str) -> Source:
    """The draft, or the version of this number. Raises Http404."""
    if which == DRAFT:
        return source_of(lesson)
    known = which.isascii() and which.isdecimal() and len(which) <= len(str(LARGEST))
    try:
        return source_of(lesson, int(which) if known else -1)
    except LessonVersion.DoesNotExist as error:
        raise Http404 from error
