"""Puts a script into every text that the database will take, so that whoever shows one unescaped runs it."""

from typing import Any

from django.apps import apps
from django.core.validators import MaxLengthValidator
from django.db import Error, transaction
from django.db.models import CharField, EmailField, Field, JSONField, Model, SlugField, TextField, Value
from django.db.models.functions import Concat

from tests.bad_input.test_every_form import OURS
from tests.bad_input.vectors import POLYGLOT, SCRIPT_LINK

# Signing in has to go on working, a language or an icon is the name of a file, a rule is no text, and what is
# kept rendered was sanitised when it was saved.
KEPT = {"password", "preferred_language", "icon_url", "code", "key", "requirements", "rendered"}
ALSO = {"live_sessions", "admin", "auth"}


def poison_everything() -> list[str]:
    """The names of the columns that took it."""
    models = [
        one for one in apps.get_models() if one.__module__.startswith(OURS) or one._meta.app_label in ALSO
    ]
    return [
        f"{model._meta.label}.{field.name}"
        for model in models
        for field in texts_of(model)
        if poison(model, field)
    ]


def texts_of(model: type[Model]) -> list[Field[Any, Any]]:
    return [
        field
        for field in model._meta.concrete_fields
        if (isinstance(field, TextField | CharField) or (isinstance(field, JSONField) and field.null))
        and not isinstance(field, EmailField | SlugField)
        and not (field.primary_key or field.choices or field.name in KEPT)
        and all(isinstance(one, MaxLengthValidator) for one in field.validators)
    ]


def poison(model: type[Model], field: Field[Any, Any]) -> bool:
    """Whether the database took it in every row; an address gets one that is a script."""
    rows = model._default_manager.all()
    value: Any = POLYGLOT[: field.max_length]
    if isinstance(field, JSONField):
        rows, value = rows.filter(**{f"{field.name}__isnull": True}), {POLYGLOT: [POLYGLOT]}
    elif field.name.endswith("url"):
        value = SCRIPT_LINK
    elif field.unique:
        value = Concat(Value(POLYGLOT[:60]), "pk", output_field=TextField())
    try:
        with transaction.atomic():
            return bool(rows.update(**{field.name: value}))
    except Error:
        return False  # a constraint, a trigger or a reader-only table says no


def poisoned(lesson_part: Any) -> Any:
    """Content of a lesson with the script in each of its texts; what names something stays."""
    if isinstance(lesson_part, dict):
        names = {
            "id",
            "type",
            "tone",
            "dataset",
            "start",
            "end",
            "time",
            "side",
            "price",
            "low",
            "high",
            "topic",
        }
        return {key: part if key in names else poisoned(part) for key, part in lesson_part.items()}
    if isinstance(lesson_part, list):
        return [poisoned(part) for part in lesson_part]
    return lesson_part if not isinstance(lesson_part, str) else f"<svg onload=ran(9004)>{lesson_part}"[:30]
