"""What learners write beside a lesson: notes, ratings and reports."""

from typing import Any

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from learning.models import LONGEST_NOTE, LONGEST_REPORT, Report, ReportKind, ReportState

STARS = [(n, ngettext_lazy("%(n)s star", "%(n)s stars", "n") % {"n": n}) for n in range(1, 6)]


class _Text(forms.CharField):
    """A text of several lines, counted as it will be kept: a line break is one character."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n").replace("\r", "\n")


class MarkField(forms.CharField):
    """A mark that we made. Another one is no mistake of whoever writes: it marks nothing that is stored."""

    def clean(self, value: object) -> str:
        return str(value or "")[:16].replace("\0", "")


class NoteForm(forms.Form):
    """A private note; empty deletes it. `seen` is the mark of the text that the form was made from."""

    text = _Text(required=False, max_length=LONGEST_NOTE)
    seen = MarkField(required=False)


class BookmarkForm(forms.Form):
    """Whether a gate is to be kept: what is wanted, not a switch, so that two tabs agree."""

    keep = forms.TypedChoiceField(choices=[("1", "1"), ("0", "0")], coerce=lambda value: value == "1")
    next = forms.CharField(required=False, max_length=200)


class RatingForm(forms.Form):
    stars = forms.TypedChoiceField(choices=STARS, coerce=int)


class ReportForm(forms.Form):
    kind = forms.ChoiceField(choices=ReportKind.choices, error_messages={"required": _("Choose what it is.")})
    words = _Text(required=False, max_length=LONGEST_REPORT)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == ReportKind.OTHER and not cleaned.get("words"):
            self.add_error("words", _("Say in a few words what the problem is."))
        return cleaned


class AnswerForm(forms.ModelForm[Report]):
    """What staff answer to a report. Whoever declines one says why."""

    class Meta:
        model = Report
        fields = ("state", "answer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "answer" in self.fields:  # not where it is only shown
            self.fields["answer"].validators.append(MaxLengthValidator(LONGEST_REPORT))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("state") == ReportState.DECLINED and not cleaned.get("answer"):
            self.add_error("answer", _("Say to the learner why."))
        return cleaned

    def validate_constraints(self) -> None:
        """Nothing yet: when and by whom it was answered is written as it is saved."""


class AnswerWordForm(forms.Form):
    """The word to the learner who reported something."""

    answer = forms.CharField(
        required=False, max_length=LONGEST_REPORT, label=_("Answer to the learner:"), widget=forms.TextInput
    )


class AnswerActionForm(ActionForm, AnswerWordForm):
    """The same beside the actions of the queue."""
