"""Editing an achievement's rule."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as SchemaError

from dracarys.lib.json_field import ReadableJSONField
from gamification.models import Achievement
from gamification.rules import REQUIREMENT


class AchievementForm(forms.ModelForm[Achievement]):
    """An achievement whose rule is checked against the schema of rules."""

    requirements = ReadableJSONField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80, "spellcheck": "false"}),
        help_text=_(
            'For example {"kind": "count", "activity": "lesson_complete", "at_least": 3}. '
            "Kinds: count, streak, level_complete, flame."
        ),
    )

    class Meta:
        model = Achievement
        fields = (
            "code", "title", "description", "category", "rarity", "icon_url", "xp_reward",
            "requirements", "is_active",
        )  # fmt: skip

    def clean_requirements(self) -> Any:
        rule = self.cleaned_data["requirements"]
        if rule is None:
            return None
        try:
            return REQUIREMENT.validate_python(rule).model_dump(mode="json")
        except SchemaError as error:
            first = error.errors(include_url=False)[0]
            where = ", ".join(str(part) for part in first["loc"])
            raise ValidationError(f"{where}: {first['msg']}" if where else first["msg"]) from error
