"""The settings of a gate: its place, its texts and what opens it. Its lesson is written in the workshop."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from learning.content import ContentErrors
from learning.course_folder.zipped import LARGEST_ZIP
from learning.models import Lesson, UserProgress
from learning.publishing import refuse_circles


class LessonForm(forms.ModelForm[Lesson]):
    """A gate but for its lesson and its questions, which are drafts first."""

    prerequisites = forms.ModelMultipleChoiceField(
        queryset=Lesson.objects.light().in_path_order(),
        required=False,
        label=_("Prerequisites"),
        help_text=_("Gates that must be passed before this one opens."),
    )

    class Meta:
        model = Lesson
        fields = (
            "level", "gate_id", "title", "subtitle", "description", "difficulty", "estimated_time",
            "xp_reward", "prerequisites", "test_out", "is_active", "order_index",
        )  # fmt: skip
        widgets = {name: forms.TextInput(attrs={"size": 80}) for name in ("title", "subtitle")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.content_data:
            self.initial["is_active"] = False
            self.fields["is_active"].disabled = True
            self.fields["is_active"].help_text = _(
                "The first version that is published brings the gate into use."
            )
        elif UserProgress.objects.filter(lesson_id=self.instance.pk).exists():
            for place in ("level", "gate_id"):
                self.fields[place].disabled = True
                self.fields[place].help_text = _("Learners have progress here: the gate keeps its place.")

    def clean_prerequisites(self) -> list[Any]:
        chosen = self.cleaned_data["prerequisites"]
        if self.instance.pk in {lesson.pk for lesson in chosen}:
            raise ValidationError(_("A gate cannot be its own prerequisite."))
        return [lesson.pk for lesson in chosen]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.instance.prerequisites = cleaned.get("prerequisites") or []
        if "prerequisites" not in self.errors:
            try:
                refuse_circles(self.instance)
            except ContentErrors as error:
                for sentence in error.sentences:
                    self.add_error("prerequisites", sentence)
        return cleaned


class CourseUploadForm(forms.Form):
    """A course folder as a zip."""

    zip = forms.FileField(
        label=_("Course as a zip"),
        help_text=_("Nothing is changed before you have seen what would be."),
        widget=forms.ClearableFileInput(attrs={"accept": ".zip,application/zip"}),
    )

    def clean_zip(self) -> Any:
        file = self.cleaned_data["zip"]
        if file.size > LARGEST_ZIP:
            raise ValidationError(_("The zip is larger than %(n)s MB.") % {"n": LARGEST_ZIP // 1024**2})
        return file
