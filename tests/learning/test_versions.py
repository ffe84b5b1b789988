"""What was published stays: an open attempt keeps its version, and a result is the same for ever."""

import re
from typing import Any

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.utils import timezone

from accounts.models import User
from dracarys.db.acting import acting_as_service
from learning import quiz_taking
from learning.models import Attempt, Lesson, LessonVersion, UserProgress
from learning.publishing import publish
from tests.factories.learning import answers_to, assessment, content, make_gate, take

pytestmark = pytest.mark.django_db


def changed(lesson: Lesson, **kinds: Any) -> LessonVersion | None:
    return publish(lesson, content_data=content(), assessment_data=assessment(**kinds))


def neutral(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


def own_part(page: str) -> str:
    """The result without the header's flame and without what to do next, which follow the learner."""
    main = neutral(page).split("<main", 1)[1]
    return re.sub(r'<div class="row next-row">.*?</section>', "", main, flags=re.DOTALL)


def test_publishing_the_same_content_again_makes_no_version(gate: Lesson) -> None:
    assert changed(gate) is None
    assert gate.versions.count() == 1


def test_publishing_changed_content_makes_the_next_version(gate: Lesson, sol: User) -> None:
    version = publish(gate, content_data=content(4), assessment_data=assessment(), by=sol.pk)
    assert version is not None
    assert (version.number, version.published_by_id) == (2, sol.pk)
    assert len(version.rendered["blocks"]) == 4


@pytest.mark.parametrize("kinds", [{"right": "c"}, {"pass_score": 60}, {"questions": 4}])
def test_a_change_that_only_grading_sees_is_a_new_version_too(gate: Lesson, kinds: dict[str, Any]) -> None:
    assert changed(gate, **kinds) is not None


def test_what_learners_read_holds_no_questions(gate: Lesson) -> None:
    gate.refresh_from_db()
    assert set(gate.rendered) == {"renderer", "blocks", "digest", "source", "version"}
    assert "FEEDBACK" not in str(gate.rendered)


def test_an_open_attempt_keeps_its_version(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = quiz_taking.begin(user_id=ash.pk, lesson_id=gate.pk, at=timezone.now())
    answers = answers_to(attempt)
    before = neutral(as_ash.get(f"/attempts/{attempt.pk}/").content.decode())
    changed(gate, right="c", questions=2, pass_score=100)
    assert neutral(as_ash.get(f"/attempts/{attempt.pk}/").content.decode()) == before
    as_ash.post(f"/attempts/{attempt.pk}/submit/", answers)
    found = Attempt.objects.select_related("version").get(pk=attempt.pk)
    assert (found.score, found.passed, found.version.number) == (100, True, 1)
    assert found.outcome is not None
    assert (found.outcome["total"], found.outcome["pass_score"]) == (5, 80)


def test_the_next_attempt_is_at_the_new_version(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=timezone.now())
    changed(gate, questions=2)
    again = take(ash, gate, at=timezone.now())
    assert (again.version.number, len(again.paper["questions"])) == (2, 2)


def test_a_result_stays_the_same_whatever_happens_later(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = take(ash, gate, at=timezone.now(), mistakes=1)
    url = f"/attempts/{attempt.pk}/result/"
    before = own_part(as_ash.get(url).content.decode())
    assert "FEEDBACK" in before
    assert "Gate 1.1: Gate 1.1" in before
    Lesson.objects.filter(pk=gate.pk).update(title="Quite another", xp_reward=9999)
    gate.refresh_from_db()
    changed(gate, right="a", questions=1)
    take(ash, make_gate(1, 2), at=timezone.now())
    Lesson.objects.update(is_active=False)
    assert own_part(as_ash.get(url).content.decode()) == before


def test_a_graded_paper_leads_to_its_result_and_an_open_result_to_its_paper(
    as_ash: Client, ash: User, gate: Lesson
) -> None:
    attempt = quiz_taking.begin(user_id=ash.pk, lesson_id=gate.pk, at=timezone.now())
    assert as_ash.get(f"/attempts/{attempt.pk}/result/").headers["Location"] == f"/attempts/{attempt.pk}/"
    as_ash.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt))
    assert as_ash.get(f"/attempts/{attempt.pk}/").headers["Location"] == f"/attempts/{attempt.pk}/result/"


def test_the_best_score_of_all_attempts_counts(ash: User, gate: Lesson) -> None:
    scores = []
    for mistakes in (3, 0, 2):
        take(ash, gate, at=timezone.now(), mistakes=mistakes)
        row = UserProgress.objects.get(user=ash)
        scores.append((row.score, row.completed, row.attempts_count))
    assert scores == [(40, False, 1), (100, True, 2), (100, True, 3)]


def test_attempts_are_numbered_from_one(ash: User, gate: Lesson) -> None:
    assert [take(ash, gate, at=timezone.now()).number for _ in range(3)] == [1, 2, 3]


def test_not_even_the_service_may_change_a_version(gate: Lesson) -> None:
    with (
        pytest.raises(IntegrityError, match="never changed"),
        transaction.atomic(),
        acting_as_service(),
    ):
        LessonVersion.objects.update(number=7)


def test_a_gate_without_questions_has_no_assessment_to_begin(as_ash: Client, gate: Lesson) -> None:
    publish(gate, content_data=content(), assessment_data=None)
    assert as_ash.get("/learn/1/1/3/").status_code == 200
    assert as_ash.get("/path/").status_code == 200
    assert as_ash.post("/learn/1/1/assessment/begin/").status_code == 404
