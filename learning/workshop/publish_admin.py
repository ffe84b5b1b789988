"""The last page before learners: what was found, what it means for past results, and the button."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learning.content import ContentErrors
from learning.models import Lesson, RegradingMode
from learning.workshop import drafts, publication
from learning.workshop.door import WorkshopAdmin, staff_id
from learning.workshop.regrading import LEAVE

LONGEST_WORDS = 500


class PublishForm(forms.Form):
    """What the author says and chooses; the revision is that of the draft they looked at."""

    revision = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    words = forms.CharField(
        label=gettext_lazy("What changed"),
        max_length=LONGEST_WORDS,
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=gettext_lazy("For the list of versions; learners whose result is regraded read it, too."),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("Past results"),
        choices=[
            (LEAVE, gettext_lazy("Leave them as they are")),
            (RegradingMode.RAISE, gettext_lazy("Regrade where it is better for the learner")),
            (RegradingMode.ALL, gettext_lazy("Regrade all of them, also downwards")),
        ],
        initial=LEAVE,
        required=False,
        widget=forms.RadioSelect,
    )

    def clean_mode(self) -> str:
        mode: str = self.cleaned_data["mode"] or LEAVE
        return mode


class PublishAdmin(WorkshopAdmin):
    """Check and publish."""

    def get_urls(self) -> list[URLPattern]:
        return [self.workshop_path("publish/", self.publish, "publish"), *super().get_urls()]

    def publish(self, request: HttpRequest, lesson: Lesson) -> HttpResponse:
        """What publishing would mean; by POST it is done."""
        if request.method != "POST":
            return self._look(request, lesson)
        form = PublishForm(request.POST)
        if not form.is_valid():
            return self._look(request, lesson, form)
        try:
            done = publication.publish(lesson, by=staff_id(request), **form.cleaned_data)
        except drafts.NothingToPublish:
            self.message_user(request, _("There is no draft: it is published already."), messages.WARNING)
            return redirect("admin:learning_lesson_publish", lesson.pk)
        except drafts.Outdated:
            words = _("The draft was changed since you looked at it. Look again, then publish.")
            self.message_user(request, words, messages.ERROR)
            return redirect("admin:learning_lesson_publish", lesson.pk)
        except publication.NotReady:
            self.message_user(request, _("Nothing is published: see below."), messages.ERROR)
            return self._look(request, lesson, form)
        except ContentErrors as error:
            self.message_user(request, " ".join(error.sentences), messages.ERROR)
            return self._look(request, lesson, form)
        self._tell(request, done)
        return redirect("admin:learning_lesson_publish", lesson.pk)

    def _tell(self, request: HttpRequest, done: publication.Published) -> None:
        if done.version is None:
            self.message_user(request, _("Learners read that already: there is no new version."))
            return
        words = _("Version %(n)s is published.") % {"n": done.version.number}
        if done.regrading:
            words = f"{words} {_('Past results are regraded within a minute or two.')}"
        self.message_user(request, words, messages.SUCCESS)

    def _look(self, request: HttpRequest, lesson: Lesson, form: PublishForm | None = None) -> HttpResponse:
        lesson = Lesson.objects.select_related("level").get(pk=lesson.pk)  # as it is, whatever was tried
        prospect = publication.prospect_of(lesson)
        found: dict[str, Any] = {
            "prospect": prospect,
            "findings": prospect.findings,
            "what_if": prospect.what_if,
            "form": form or PublishForm(initial={"revision": prospect.draft.revision}),
            "tab": "publish",
        }
        return self.workshop_page(request, lesson, "publish.html", _("Check and publish"), **found)
