"""From draft to version: checked, published once, and past results as the author says."""

import copy
import html
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning.models import Attempt, Lesson, Regrading
from learning.workshop import drafts
from tests.factories.learning import assessment, content, take

pytestmark = pytest.mark.django_db


def write(gate: Lesson, author: User, *, text: str = "Said anew.", right: str = "b", **changes: Any) -> int:
    """A draft of the gate with another first block, and other right answers; its revision."""
    written = content()
    written["blocks"][0]["markdown"] = text
    draft = drafts.draft_of(gate)
    asked = assessment(right=right) | changes
    return drafts.save(draft, content=written, assessment=asked, by=author.pk).revision


def publish(client: Client, gate: Lesson, revision: int | str, **said: Any) -> str:
    """The page after the button."""
    sent = {"revision": str(revision), "words": "A mistake in the key", "mode": "leave", **said}
    answer = client.post(f"/admin/learning/lesson/{gate.pk}/publish/", sent, follow=True)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_a_draft_becomes_what_learners_read(as_sol: Client, as_ash: Client, sol: User, gate: Lesson) -> None:
    revision = write(gate, sol)
    assert "Said anew." not in as_ash.get("/learn/1/1/1/").content.decode()
    page = as_sol.get(f"/admin/learning/lesson/{gate.pk}/publish/").content.decode()
    assert "begun from version 1" in page
    assert "Version 2 is published." in publish(as_sol, gate, revision)
    assert "Said anew." in as_ash.get("/learn/1/1/1/").content.decode()
    latest = gate.versions.latest("number")
    assert (latest.number, latest.published_by_id, latest.words) == (2, sol.pk, "A mistake in the key")
    # A double click, and the button of another tab.
    assert "There is no draft" in publish(as_sol, gate, revision)
    assert gate.versions.count() == 2


def test_somebody_elses_change_is_looked_at_before(as_sol: Client, sol: User, gate: Lesson) -> None:
    seen = write(gate, sol)
    write(gate, sol, text="Changed after that.")
    assert "The draft was changed since you looked at it" in publish(as_sol, gate, seen)
    assert gate.versions.published().count() == 1
    assert drafts.draft_of(gate).revision == seen + 1


def test_what_stands_in_the_way_is_named_and_nothing_is_lost(as_sol: Client, sol: User, gate: Lesson) -> None:
    wrong = assessment()["questions"]
    wrong[2]["choices"][0]["correct"] = True
    revision = write(gate, sol, questions=wrong)
    page = publish(as_sol, gate, revision)
    assert "Question 3 (single_choice): exactly one choice must be correct" in page
    assert gate.versions.published().count() == 1
    assert drafts.draft_of(gate).revision == revision


def test_the_first_version_brings_a_gate_into_use(as_sol: Client, sol: User, gate: Lesson) -> None:
    new = Lesson.objects.create(level_id=1, gate_id=2, title="A new gate", is_active=False)
    revision = write(new, sol)
    assert "Version 1 is published." in publish(as_sol, new, revision)
    new.refresh_from_db()
    assert new.is_active


def test_a_gate_that_was_taken_out_of_use_stays_so(as_sol: Client, sol: User, gate: Lesson) -> None:
    Lesson.objects.filter(pk=gate.pk).update(is_active=False)
    publish(as_sol, gate, write(gate, sol))
    gate.refresh_from_db()
    assert not gate.is_active


def test_a_question_that_asks_something_else_begins_anew(as_sol: Client, sol: User, gate: Lesson) -> None:
    asked = copy.deepcopy(assessment()["questions"])
    asked[0]["choices"].pop()
    revision = write(gate, sol, questions=asked)
    page = as_sol.get(f"/admin/learning/lesson/{gate.pk}/publish/").content.decode()
    assert "<code>q1</code> → <code>q1-2</code>" in page
    publish(as_sol, gate, revision)
    gate.refresh_from_db()
    ids = [question["id"] for question in (gate.assessment_data or {})["questions"]]
    assert ids == ["q1-2", "q2", "q3", "q4", "q5"]


def test_past_results_are_regraded_only_when_the_author_says_so(
    as_sol: Client, ash: User, sol: User, gate: Lesson
) -> None:
    take(ash, gate, at=timezone.now(), mistakes=5)
    score = Attempt.objects.get(user=ash).score
    publish(as_sol, gate, write(gate, sol, right="a"), mode="leave")
    assert (Regrading.objects.count(), Attempt.objects.get(user=ash).score) == (0, score)
    publish(as_sol, gate, write(gate, sol, right="c", text="Once more."), mode="raise")
    (ordered,) = Regrading.objects.all()
    assert (ordered.lesson_id, ordered.mode, ordered.words) == (gate.pk, "raise", "A mistake in the key")


@pytest.mark.parametrize(
    "wrong", [{"revision": "x"}, {"revision": ""}, {"mode": "hostile"}, {"words": "x" * 501}]
)
def test_hostile_forms_publish_nothing(
    as_sol: Client, sol: User, gate: Lesson, wrong: dict[str, str]
) -> None:
    revision = write(gate, sol)
    publish(as_sol, gate, wrong.pop("revision", revision), **wrong)
    assert gate.versions.published().count() == 1
    assert drafts.draft_of(gate).revision == revision
