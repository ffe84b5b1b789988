"""JSON that staff type into a form."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.translation import gettext_lazy as _

from dracarys.lib import json_text


class ReadableJSONField(forms.JSONField):
    """JSON in a text area: what was typed comes back as it was typed, and an error says line and column.

    Django's own field answers 500 to JSON that Python reads but cannot hold, or cannot send back: nesting
    of thousands, numbers of thousands of digits, halves of a surrogate pair. It keeps one of two equal keys.
    """

    widget = forms.Textarea(attrs={"rows": 30, "cols": 100, "spellcheck": "false"})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and value.strip():
            _check(value)
        return super().to_python(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return initial if self.disabled or data is None else InvalidJSONInput(data)

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) else json.dumps(value, indent=2, ensure_ascii=False)


def _check(text: str) -> None:
    try:
        json_text.read(text)
    except json.JSONDecodeError as error:
        message = _("Line %(line)s, column %(column)s: %(what)s.")
        parts = {"line": error.lineno, "column": error.colno, "what": error.msg}
        raise ValidationError(message, code="json", params=parts) from error
    except json_text.Illegible as error:
        raise ValidationError(f"{error}.", code="json") from error
