"""The workshop's pages about past results: what was graded again, and questions that count for nobody."""

from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _

from dracarys.lib.read_only_admin import ReadOnlyAdmin
from learning.models import WIDE_OF_LESSON, Lesson, Regrading, RegradingMode, VoidedQuestion
from learning.workshop import past_results, regrading, voiding, what_if
from learning.workshop.door import WorkshopAdmin, staff_id
from learning.workshop.past_results import QuestionLine
from learning.workshop.regrading_forms import RegradeForm, VoidForm

FORM_ERRORS = 422


class RegradingAdmin(WorkshopAdmin):
    """Past results, and the page of one question."""

    def get_urls(self) -> list[URLPattern]:
        return [
            self.workshop_path("results/", self.past_results, "voids", methods=("GET", "HEAD")),
            self.workshop_path("results/regrade/", self.regrade, "regrade"),
            self.workshop_path("results/void/<slug:question>/", self.void, "void"),
            *super().get_urls(),
        ]

    def past_results(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """Questions, dubious ones first, and what was graded again."""
        found = past_results.past_results(lesson)
        return self.workshop_page(
            request, lesson, "results.html", _("Past results"), tab="voids", found=found
        )

    def regrade(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """What if attempts of older versions were graded by the one in force; then the order."""
        version = lesson.versions.published().order_by("-number").first()
        if version is None:
            raise Http404
        form = RegradeForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            regrading.request(lesson, version=version, by=staff_id(request), **form.cleaned_data)
            self.message_user(request, _("Past results are graded again within a minute."), messages.SUCCESS)
            return redirect("admin:learning_lesson_voids", lesson.pk)
        found = {"form": form, "version": version, "what_if": what_if.of_version(lesson, version)}
        status = FORM_ERRORS if form.errors else 200
        title = _("Grade past results again")
        return self.workshop_page(request, lesson, "regrade.html", title, status=status, tab="voids", **found)

    def void(self, request: HttpRequest, lesson: Lesson, question: str) -> HttpResponse:
        """What if this question counted for nobody, or again; then the order."""
        line = past_results.question_of(lesson, question)
        if line is None:
            raise Http404
        form = VoidForm(request.POST or None, initial={"does": "count_again" if line.voided else "void"})
        if request.method == "POST" and form.is_valid():
            return self._ordered(request, lesson, line, form.cleaned_data)
        return self._void_page(request, lesson, line, form)

    def _ordered(
        self, request: HttpRequest, lesson: Lesson, line: QuestionLine, said: dict[str, Any]
    ) -> HttpResponse:
        does = voiding.void if said["does"] == "void" else voiding.count_again
        try:
            does(lesson, line.id, mode=RegradingMode(said["mode"]), words=said["words"], by=staff_id(request))
        except voiding.LastQuestion:
            self.message_user(request, _("It is the last question that counts. It stays."), messages.ERROR)
        except (voiding.AlreadyVoided, voiding.NotVoided):
            self.message_user(request, _("Somebody else was faster: it is so already."), messages.WARNING)
        else:
            words = _("It is done; past results are graded again within a minute.")
            self.message_user(request, words, messages.SUCCESS)
        return redirect("admin:learning_lesson_voids", lesson.pk)

    def _void_page(
        self, request: HttpRequest, lesson: Lesson, line: QuestionLine, form: VoidForm
    ) -> HttpResponse:
        foreseen = (
            what_if.of_counting_again(lesson, line.id) if line.voided else what_if.of_void(lesson, line.id)
        )
        title = _("Let a question count again") if line.voided else _("Void a question")
        return self.workshop_page(
            request,
            lesson,
            "void.html",
            title,
            status=FORM_ERRORS if form.errors else 200,
            tab="voids",
            line=line,
            form=form,
            what_if=foreseen,
        )


@admin.register(Regrading)
class RegradingsAdmin(ReadOnlyAdmin[Regrading]):
    list_display = (
        "requested_at",
        "lesson",
        "kind",
        "mode",
        "finished_at",
        "learners",
        "attempts_changed",
        "passes_gained",
        "passes_lost",
        "xp",
    )
    list_select_related = ("lesson",)
    list_filter = ("kind", "mode", "lesson__level")
    search_fields = ("lesson__title", "question", "words")
    ordering = ("-requested_at", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer(*WIDE_OF_LESSON)


@admin.register(VoidedQuestion)
class VoidedQuestionAdmin(ReadOnlyAdmin[VoidedQuestion]):
    list_display = ("question", "lesson", "words", "voided_by", "created_at")
    list_select_related = ("lesson", "voided_by")
    list_filter = ("lesson__level",)
    search_fields = ("question", "lesson__title", "words")
    ordering = ("-created_at", "pk")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer(*WIDE_OF_LESSON)
