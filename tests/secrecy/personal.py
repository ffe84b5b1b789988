"""Marks in everything that the database keeps of a person: whoever else reads one reads too much."""

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, models, transaction

from accounts.models import User
from tests.secrecy.samples import secret

# What others may read, as far as they have signed in. Whoever builds a page that shows more of a person
# to others says so here.
PUBLIC = {
    "user_profiles.full_name",  # the boards
}
# Texts with a form of their own, which a mark would break, and why nothing is missed.
UNMARKED = {
    "users.email": "carries its mark in the factory's address",
    "account_emailaddress.email": "the same address",
    "outbox_messages.recipient": "the same address",
    "user_profiles.timezone": "a zone's name, which pages work with",
    "user_profiles.preferred_language": "a language's code, which pages work with",
    "attempts.paper": "marked by its questions",
    "attempts.answers": "tokens, which are searched as they are",
    "attempts.outcome": "marked by its feedback",
    "attempts.confidence": "percentages by token",
    "attempts.seconds": "seconds by token",
    "question_answers.question": "an id of the lesson's, part of the key",
    "question_answers.topic": "a code of the course's",
    "question_answers.kind": "a kind of question",
    "question_answers.keys": "ids of the lesson's",
    "question_answers.misconceptions": "slugs of the lesson's",
    "checkpoint_answers.block": "an id of the lesson's, part of the key",
    "lesson_notes.block": "an id of the lesson's, part of the key",
    "content_ratings.place": "the id of a block or question",
    "content_reports.place": "the id of a block or question",
    "user_streaks.streak_data": "days, which the streak is told from",
}
TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField)


def owners(model: type[models.Model]) -> list[str]:
    """The columns that say whose a row is: it goes when its person goes."""
    if model is User:
        return ["pk"]
    return [
        field.attname
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.ForeignKey)
        and field.related_model is User
        and field.remote_field.on_delete is models.CASCADE
    ]


def of_persons() -> Iterator[tuple[type[models.Model], str]]:
    """Every model with rows of persons, and the column that says whose they are."""
    for model in apps.get_models(include_auto_created=True):
        for owner in owners(model):
            yield model, owner


def mark(user: User, name: str) -> dict[str, str]:
    """Write a mark into every text of this person; each mark with the column that it stands in."""
    found: dict[str, str] = {}
    for model, owner in of_persons():
        rows = model._base_manager.filter(**{owner: user.pk})
        for field in model._meta.local_concrete_fields:
            column = f"{model._meta.db_table}.{field.column}"
            if _is_text(field) and column not in UNMARKED and rows.exists():
                word = secret(name, re.sub("[^a-z]", "", column))
                _write(rows, field, word, column)
                found[word] = column
    user.refresh_from_db()  # the password is another one, and the session depends on it
    return found | {user.email: "users.email"}


def _is_text(field: Any) -> bool:
    return (
        isinstance(field, TEXTS)
        and not field.choices
        and not field.primary_key
        and not field.generated
        and not getattr(getattr(field, "base_field", None), "choices", None)
    )


def _write(rows: Any, field: Any, word: str, column: str) -> None:
    value: Any = word
    if isinstance(field, models.JSONField):
        value = {"note": word}
    elif isinstance(field, ArrayField):
        value = [word]
    try:
        with transaction.atomic():
            rows.update(**{field.name: value})
    except DatabaseError as error:
        raise AssertionError(
            f"{column} cannot hold a mark ({error}). If its texts have a form of their own, add it to "
            "UNMARKED in tests/secrecy/personal.py and say why nothing is missed."
        ) from error
