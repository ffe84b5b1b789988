"""What is foreseen is what comes, to the point; and foreseeing writes nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Activity, User, UserProfile
from gamification import catalogue, leaderboards
from gamification.models import UserAchievement, XpEvent
from learning import publishing
from learning.content import parse_assessment, parse_content
from learning.models import Attempt, Lesson, RegradingMode, UserProgress
from learning.workshop import regrading, voiding, what_if
from learning.workshop.what_if import WhatIf
from tests.factories.gamification import PRODUCT
from tests.factories.learning import make_gate
from tests.workshop.cohort import (
    HOUR,
    NOW,
    all_is_exact,
    answer,
    keyed,
    learner,
    ordered,
    progress,
    published,
    total,
)

pytestmark = pytest.mark.django_db
RAISE, ALL = RegradingMode.RAISE, RegradingMode.ALL
LEARNERS = (Attempt, UserProgress, XpEvent, UserAchievement, Activity, UserProfile)
# What people chose, attempt by attempt; `b` is right until `c` is in the first two questions.
CHOSEN = {
    "Ada": ["bbbbb"],
    "Bo": ["ccbbb"],
    "Cy": ["cbbbb"],
    "Di": ["ccbba", "bbbbb"],
    "Ed": ["aaaaa"],
    "Flo": ["ccbba", "ccbbb"],
}


@pytest.fixture
def cohort(gate: Lesson) -> dict[str, User]:
    """Six people at the gate, with achievements to be had."""
    catalogue.load(PRODUCT)
    make_gate(1, 2, requires=[gate])
    people = {name: learner(name) for name in CHOSEN}
    for name, attempts in CHOSEN.items():
        for chosen in attempts:
            answer(people[name], gate, chosen)
    leaderboards.refresh_steps(at=NOW)
    return people


def foreseen(gate: Lesson, **keys: str) -> WhatIf:
    """What if other choices were right."""
    changed = keyed(gate, **keys)
    rendered = publishing.render(parse_content(gate.content_data), parse_assessment(changed))
    return what_if.of_draft(gate, questions=rendered.questions, assessment=changed)


@pytest.mark.parametrize("mode", [RAISE, ALL])
def test_what_is_foreseen_is_what_comes(
    gate: Lesson, cohort: dict[str, User], sol: User, mode: RegradingMode
) -> None:
    effect = foreseen(gate, q1="c", q2="c").effect(mode)
    before = {name: total(user) for name, user in cohort.items()}
    scores = {user.pk: progress(user, gate).score for user in cohort.values()}
    order = ordered(gate, published(gate, q1="c", q2="c"), mode, sol)
    regrading.work(at=NOW + HOUR)
    order.refresh_from_db()
    assert (effect.passes_gained, effect.passes_lost) == (order.passes_gained, order.passes_lost)
    assert (effect.attempts, effect.xp) == (order.attempts_changed, order.xp)
    xp = {one.name: one.xp for one in effect.changes}
    assert {name: total(user) - before[name] for name, user in cohort.items()} == {
        name: xp.get(name, 0) for name in cohort
    }
    after = {one.user_id: one.score_after for one in effect.changes}
    assert {user.pk: progress(user, gate).score for user in cohort.values()} == scores | after
    assert effect.passes_gained > 0
    assert effect.achievements > 0
    assert all_is_exact()


def test_each_learner_is_told_with_what_it_means_for_them(gate: Lesson, cohort: dict[str, User]) -> None:
    found = foreseen(gate, q1="c", q2="c")
    assert (found.attempts, found.learners) == (8, 6)
    raised = {one.name: one for one in found.effect(RAISE).changes}
    bo = raised["Bo"]
    assert (bo.score_before, bo.score_after, bo.gained, bo.opens) == (60, 100, True, ("1.2 Gate 1.2",))
    assert bo.achievements
    assert bo.rank_before is None
    assert bo.rank_after
    assert "Ada" not in raised
    everything = {one.name: one for one in found.effect(ALL).changes}
    ada = everything["Ada"]
    assert (ada.score_after, ada.lost, ada.closes, ada.xp) == (60, True, ("1.2 Gate 1.2",), -600)
    assert found.effect(ALL).changes[0].size == max(one.size for one in everything.values())


def test_nothing_is_written_and_the_same_queries_serve_one_and_many(
    gate: Lesson, cohort: dict[str, User]
) -> None:
    with CaptureQueriesContext(connection) as few:
        foreseen(gate, q1="c", q2="c")
    for n in range(20):
        answer(learner(f"Learner {n}"), gate, "ccbbb" if n % 2 else "bbbbb")
    before = everything_of_learners()
    with CaptureQueriesContext(connection) as many:
        foreseen(gate, q1="c", q2="c")
    assert len(many) == len(few)
    assert everything_of_learners() == before


def everything_of_learners() -> list[list[dict[str, object]]]:
    return [[dict(row) for row in model.objects.order_by("pk").values()] for model in LEARNERS]


def test_batches_add_up(gate: Lesson, cohort: dict[str, User], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = foreseen(gate, q1="c", q2="c")
    monkeypatch.setattr(what_if, "BATCH", 2)
    assert foreseen(gate, q1="c", q2="c") == whole


def test_only_the_largest_changes_are_shown(
    gate: Lesson, cohort: dict[str, User], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(what_if, "SHOWN", 2)
    effect = foreseen(gate, q1="c", q2="c").effect(ALL)
    assert len(effect.changes) == 2
    assert effect.not_shown == effect.learners - 2


@pytest.mark.parametrize("mode", [RAISE, ALL])
def test_a_void_is_foreseen_too_and_so_is_taking_it_back(
    gate: Lesson, cohort: dict[str, User], sol: User, mode: RegradingMode
) -> None:
    effect = what_if.of_void(gate, "q1").effect(mode)
    order = voiding.void(gate, "q1", mode=mode, words="Broken.", by=sol.pk)
    regrading.work(at=NOW + HOUR)
    order.refresh_from_db()
    assert (effect.attempts, effect.passes_gained, effect.xp) == (
        order.attempts_changed,
        order.passes_gained,
        order.xp,
    )
    back = what_if.of_counting_again(gate, "q1").effect(ALL)
    order = voiding.count_again(gate, "q1", mode=ALL, words="It was right.", by=sol.pk)
    regrading.work(at=NOW + HOUR)
    order.refresh_from_db()
    assert (back.attempts, back.passes_lost, back.xp) == (
        order.attempts_changed,
        order.passes_lost,
        order.xp,
    )
    assert all_is_exact()


def test_a_gate_nobody_took_has_nothing_to_foresee(gate: Lesson) -> None:
    found = foreseen(gate, q1="c")
    assert (found.attempts, found.learners) == (0, 0)
    assert all(effect.changes_nothing for effect in found.effects)
