"""Editing a gate: its place and texts as fields, its content as checked JSON."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from dracarys.lib.json_field import ReadableJSONField
from learning.content import ContentErrors, parse_assessment, parse_content
from learning.course_folder.zipped import LARGEST_ZIP
from learning.models import Lesson, UserProgress
from learning.publishing import refuse_circles, render


class LessonForm(forms.ModelForm[Lesson]):
    """A gate. Saving it publishes a new version when anything that learners read has changed."""

    content_data = ReadableJSONField(label=_("Content"), help_text=_("Blocks, each with its type."))
    assessment_data = ReadableJSONField(
        label=_("Assessment"),
        required=False,
        help_text=_("Pass score and questions; each answer has feedback."),
    )
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
            "content_data", "assessment_data",
        )  # fmt: skip
        widgets = {name: forms.TextInput(attrs={"size": 80}) for name in ("title", "subtitle")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and UserProgress.objects.filter(lesson_id=self.instance.pk).exists():
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
        content, assessment = cleaned.get("content_data"), cleaned.get("assessment_data")
        parsed = self._checked("content_data", parse_content, content)
        questions = self._checked("assessment_data", parse_assessment, assessment) if assessment else None
        self.instance.prerequisites = cleaned.get("prerequisites") or []
        self._checked("prerequisites", lambda _: refuse_circles(self.instance), None)
        if parsed and not self.errors:
            self._checked("content_data", lambda _: render(parsed, questions), None)
        return cleaned

    def _checked(self, field: str, parse: Any, data: Any) -> Any:
        if field in self.errors:
            return None
        try:
            return parse(data)
        except ContentErrors as error:
            for sentence in error.sentences:
                self.add_error(field, sentence)
        return None


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
