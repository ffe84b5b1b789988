"""Questions inside a lesson: graded at once, for the reader's own sake."""

import datetime as dt
import uuid
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac

from dracarys.db.acting import acting_as_service
from learning.blocks.checkpoint import TRIES, paper_of
from learning.models import CheckpointAnswer
from learning.questions import KINDS, Form, Given


class NotYet(Exception):
    """The answer cannot be graded: `lack` says why, `given` is as much of it as there is."""

    def __init__(self, lack: str, given: Given | None) -> None:
        super().__init__(lack)
        self.lack, self.given = lack, given


def seed_of(user_id: uuid.UUID, lesson_id: uuid.UUID, block: str, version: int) -> str:
    """What tokens, order and numbers come of, each time this person sees this block of this version."""
    return salted_hmac(
        "learning.checkpoint", f"{user_id}:{lesson_id}:{block}:{version}", algorithm="sha256"
    ).hexdigest()


def answer_of(user_id: uuid.UUID, lesson_id: uuid.UUID, block: str, version: int) -> dict[str, Any] | None:
    """What this person answered last, unless the lesson has changed since."""
    row = (
        CheckpointAnswer.objects.filter(user_id=user_id, lesson_id=lesson_id, block=block, version=version)
        .values("given", "outcome")
        .first()
    )
    return dict(row) if row else None


def answer(
    *,
    user_id: uuid.UUID,
    lesson_id: uuid.UUID,
    stored: dict[str, Any],
    version: int,
    form: Form,
    at: dt.datetime,
) -> None:
    """Grade an answer and keep it with what is said of it. Raises NotYet.

    Two tabs at once: both are graded and counted, the later one stays.
    """
    given, told = graded(stored, seed_of(user_id, lesson_id, stored["id"], version), form)
    key = {"user_id": user_id, "lesson_id": lesson_id, "block": stored["id"]}
    with acting_as_service(), transaction.atomic():
        row = _locked(key, version, at)
        tries = row.tries + 1 if row.version == version and row.outcome else 1
        if not told["correct"] and tries < TRIES:
            told["right"] = told["explanation"] = ""
        CheckpointAnswer.objects.filter(**key).update(
            version=version, given=given, outcome=told, tries=tries, answered_at=at
        )


def graded(stored: dict[str, Any], seed: str, form: Form) -> tuple[Given, dict[str, Any]]:
    """An answer to the block's question, and all that can be said of it, as JSON; nothing is kept.

    Raises NotYet.
    """
    paper = paper_of(stored, seed)
    kind = KINDS[paper["type"]]
    given = kind.read(paper, form)
    if given is None or (lack := kind.lack(paper, given)):
        raise NotYet(lack if given is not None else kind.lack(paper, None), given)
    found = kind.grade(stored["question"], paper, given)
    explanation = kind.reason(stored["question"], paper)
    told = {"credit": float(found.credit), "correct": found.correct, "explanation": explanation}
    return given, asdict(found) | told


def _locked(key: dict[str, Any], version: int, at: dt.datetime) -> CheckpointAnswer:
    """The person's row at this block, made if need be, locked until the transaction ends."""
    fresh = CheckpointAnswer(**key, version=version, given="", outcome={}, answered_at=at)
    CheckpointAnswer.objects.bulk_create([fresh], ignore_conflicts=True)
    return CheckpointAnswer.objects.select_for_update().get(**key)
