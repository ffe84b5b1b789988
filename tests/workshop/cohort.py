"""People who answered, and authors who then change what is right."""

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import User, UserProfile
from gamification import audit
from gamification.models import XpEvent
from learning import publishing, quiz_taking
from learning.models import Attempt, Lesson, LessonVersion, Regrading, UserProgress
from learning.workshop import regrading
from tests.factories.accounts import UserFactory
from tests.factories.learning import assessment

NOW = timezone.now()
HOUR = dt.timedelta(hours=1)


def learner(name: str) -> User:
    return UserFactory.create(profile_fields={"full_name": name})


def begun(user: User, lesson: Lesson, *, at: dt.datetime = NOW) -> Attempt:
    return quiz_taking.begin(user_id=user.pk, lesson_id=lesson.pk, at=at)


def handed_in(attempt: Attempt, chosen: str, *, at: dt.datetime = NOW) -> Attempt:
    """The paper with these choices, a letter for each question by its number; a blank leaves one out."""
    form: dict[str, list[str]] = {}
    for paper in attempt.paper["questions"]:
        wanted = chosen[int(paper["id"][1:]) - 1]
        form[paper["token"]] = [c["token"] for c in paper["choices"] if c["id"] == wanted]
    return quiz_taking.submit(user_id=attempt.user_id, attempt_id=attempt.pk, answers=form, at=at)


def answer(user: User, lesson: Lesson, chosen: str, *, at: dt.datetime = NOW) -> Attempt:
    """A whole attempt; `b` is right."""
    return handed_in(begun(user, lesson, at=at), chosen, at=at)


def published(lesson: Lesson, **keys: str) -> LessonVersion:
    """A new version in which other choices are right: `published(gate, q1="c")`."""
    return published_as(lesson, keyed(lesson, **keys))


def keyed(lesson: Lesson, **keys: str) -> dict[str, Any]:
    """The assessment of the gate with other right choices."""
    changed = {**(lesson.assessment_data or {})}
    changed["questions"] = [_keyed(one, keys.get(one["id"])) for one in changed["questions"]]
    return changed


def _keyed(question: dict[str, Any], right: str | None) -> dict[str, Any]:
    if right is None:
        return question
    choices = [{**choice, "correct": choice["id"] == right} for choice in question["choices"]]
    return {**question, "choices": choices}


def published_as(lesson: Lesson, changed: dict[str, Any]) -> LessonVersion:
    lesson.refresh_from_db()
    version = publishing.publish(lesson, content_data=lesson.content_data, assessment_data=changed)
    assert version
    return version


def ordered(lesson: Lesson, version: LessonVersion, mode: str, by: User) -> Regrading:
    made = regrading.request(lesson, version=version, mode=mode, words="The key was wrong.", by=by.pk)
    assert made
    return made


def regraded(lesson: Lesson, mode: str, by: User, **keys: str) -> Regrading:
    """A new version with other right choices, by which everything is graded again."""
    made = ordered(lesson, published(lesson, **keys), mode, by)
    regrading.work(at=NOW + HOUR)
    made.refresh_from_db()
    return made


def told(attempt: Attempt) -> dict[str, Any]:
    """What was written down of a graded attempt."""
    assert attempt.outcome
    return dict(attempt.outcome)


def progress(user: User, lesson: Lesson) -> UserProgress:
    return UserProgress.objects.get(user=user, lesson=lesson)


def total(user: User) -> int:
    return UserProfile.objects.get(pk=user.pk).total_xp


def ledger(user: User) -> list[tuple[str, int]]:
    """What was booked: source and amount, corrections first, then from the least."""
    rows = XpEvent.objects.filter(user=user).order_by("source", "amount")
    return list(rows.values_list("source", "amount"))


def all_is_exact() -> bool:
    """The nightly audit finds nothing."""
    return audit.differences() == []


def written(lesson: Lesson, **changes: Any) -> dict[str, Any]:
    """An assessment like the gate's with another policy."""
    return {**assessment(), **(lesson.assessment_data or {}), **changes}
