"""One predicate decides what is open: its truth table, its sentences, and every door that asks it."""

import itertools
import uuid
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from billing.models import SubscriptionStatus
from learning import access, quiz_taking
from learning.models import Attempt, AttemptState, Lesson, Level, UserProgress
from learning.path import path_of
from learning.rules import GateFacts, LearnerFacts, level_is_complete, locks, locks_of_assessment
from tests.conftest import signed_in
from tests.factories.billing import subscribe
from tests.factories.learning import answers_to, make_gate, take


def facts(level: int, gate: int, *requires: GateFacts, is_active: bool = True) -> GateFacts:
    return GateFacts(
        lesson_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{level}.{gate}"),
        level=level,
        gate=gate,
        title=f"Gate {level}.{gate}",
        is_active=is_active,
        prerequisites=frozenset(g.lesson_id for g in requires),
    )


EARLIER, SIBLING = facts(1, 1), facts(2, 1)


@pytest.mark.parametrize(
    ("inactive", "beyond_plan", "earlier_missing", "prerequisite_missing", "passed", "opened", "ahead"),
    list(itertools.product((False, True), repeat=7)),
)
def test_the_truth_table_of_a_gate(
    inactive: bool,
    beyond_plan: bool,
    earlier_missing: bool,
    prerequisite_missing: bool,
    passed: bool,
    opened: bool,
    ahead: bool,
) -> None:
    gate = replace(facts(2, 2, SIBLING, is_active=not inactive), test_out=ahead)
    done = {
        g.lesson_id
        for g, is_done in (
            (EARLIER, not earlier_missing),
            (SIBLING, not prerequisite_missing),
            (gate, passed),
        )
        if is_done
    }
    by_staff = frozenset({gate.lesson_id} if opened else ())
    learner = LearnerFacts(frozenset(done), 1 if beyond_plan else 2, by_staff)
    course = (EARLIER, SIBLING, gate)
    found = [reason.code for reason in locks(gate, course, learner)]
    at_the_assessment = [reason.code for reason in locks_of_assessment(gate, course, learner)]
    excused = passed or opened
    expected = [
        code
        for code, holds in (
            ("inactive", inactive),
            ("plan", beyond_plan),
            ("level", earlier_missing and not excused),
            ("prerequisites", prerequisite_missing and not excused),
        )
        if holds
    ]
    assert found == expected
    waits = {"level", "prerequisites"} if ahead else set()
    assert at_the_assessment == [code for code in expected if code not in waits]


def test_gates_out_of_use_stand_in_nobody_s_way() -> None:
    old, gone = facts(1, 2, is_active=False), facts(2, 9, is_active=False)
    gate = facts(2, 2, gone)
    assert locks(gate, (EARLIER, old, gone, gate), LearnerFacts(frozenset({EARLIER.lesson_id}), 2)) == ()


def test_a_prerequisite_that_no_longer_exists_stands_in_nobody_s_way() -> None:
    gate = facts(1, 2, facts(1, 77))
    assert locks(gate, (EARLIER, gate), LearnerFacts(frozenset(), 2)) == ()


def test_the_reason_counts_what_is_done_and_names_what_is_waited_for() -> None:
    other = facts(1, 2)
    gate = facts(2, 1)
    (reason,) = locks(gate, (EARLIER, other, gate), LearnerFacts(frozenset({EARLIER.lesson_id}), 2))
    assert (reason.code, reason.level, reason.met, reason.needed) == ("level", 1, 1, 2)
    assert reason.waiting_for == (other,)


def test_a_level_is_complete_when_every_gate_in_use_is_passed() -> None:
    gates = (EARLIER, facts(1, 2), facts(1, 3, is_active=False), facts(2, 1))
    passed = frozenset(g.lesson_id for g in gates[:2])
    assert level_is_complete(1, gates, passed)
    assert not level_is_complete(1, gates, passed - {EARLIER.lesson_id})
    assert not level_is_complete(2, gates, passed)
    assert not level_is_complete(3, gates, passed)


# --- Sentences ----------------------------------------------------------------------------------------


def sentences(user: User, lesson: Lesson) -> list[str]:
    return [access.sentence(reason) for reason in access.access_of(user.pk).reasons(lesson.pk)]


@pytest.mark.django_db
def test_each_sentence_says_what_opens_the_gate(ash: User, gate: Lesson, second_gate: Lesson) -> None:
    third = make_gate(1, 3, requires=[gate, second_gate])
    second_level, beyond = make_gate(2, 1), make_gate(3, 1)
    assert sentences(ash, gate) == []
    assert sentences(ash, second_gate) == ["Pass gate 1.1 Gate 1.1 first."]
    assert sentences(ash, third) == ["Pass these gates first: 1.1 Gate 1.1, 1.2 Gate 1.2."]
    assert sentences(ash, second_level) == ["Pass every gate up to level 1 first: 0 of 3 done."]
    assert sentences(ash, beyond) == [
        "Your plan does not open level 3.",
        "Pass every gate up to level 2 first: 0 of 4 done.",
    ]
    Lesson.objects.filter(pk=gate.pk).update(is_active=False)
    assert sentences(ash, gate) == ["This gate is being rewritten and will be back."]


@pytest.mark.django_db
def test_passing_a_gate_opens_the_one_that_waits_for_it(ash: User, gate: Lesson, second_gate: Lesson) -> None:
    attempt = take(ash, gate, at=timezone.now(), mistakes=1)
    assert access.access_of(ash.pk).is_open(second_gate.pk)
    assert attempt.outcome is not None
    assert attempt.outcome["opened"] == [{"level": 1, "gate": 2, "title": "Gate 1.2"}]


@pytest.mark.django_db
def test_a_gate_of_a_hidden_level_is_closed(ash: User, gate: Lesson) -> None:
    Level.objects.update(is_active=False)
    assert sentences(ash, gate) == ["This gate is being rewritten and will be back."]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "limit", "is_open"),
    [
        (None, None, False),
        (SubscriptionStatus.ACTIVE, 3, True),
        (SubscriptionStatus.TRIALING, 99, True),
        (SubscriptionStatus.ACTIVE, 2, False),
        (SubscriptionStatus.CANCELED, 99, False),
        (SubscriptionStatus.UNPAID, 99, False),
    ],
)
def test_level_three_opens_with_a_live_plan_that_reaches_it(
    ash: User, status: SubscriptionStatus | None, limit: int | None, is_open: bool
) -> None:
    third_level = make_gate(3, 1)
    if status and limit:
        subscribe(ash, level_limit=limit, status=status)
    assert access.access_of(ash.pk).is_open(third_level.pk) is is_open


@pytest.mark.django_db
def test_an_unknown_gate_is_a_mistake_of_the_caller(ash: User) -> None:
    with pytest.raises(KeyError):
        access.access_of(ash.pk).reasons(uuid.uuid4())


# --- Doors --------------------------------------------------------------------------------------------


def assert_shut(client: Client, url: str, *, method: str) -> None:
    response = client.get(url) if method == "get" else client.post(url)
    assert response.status_code == 302, url
    assert response.headers["Location"].startswith("/path/"), url
    told = client.get("/path/").content.decode()
    assert "Pass gate 1.1 Gate 1.1 first." in told.split("<main", 1)[-1]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("method", "door"),
    [
        ("get", "1/"),
        ("get", "2/charts/1.json"),
        ("get", "assessment/"),
        ("post", "1/continue/"),
        ("post", "assessment/begin/"),
    ],
)
def test_every_door_of_a_locked_gate_leads_to_the_path_with_the_reason(
    as_ash: Client, second_gate: Lesson, method: str, door: str
) -> None:
    assert_shut(as_ash, f"/learn/1/2/{door}", method=method)
    assert not UserProgress.objects.exists()
    assert not Attempt.objects.exists()


@pytest.mark.django_db
def test_the_door_of_the_gate_itself_ends_on_the_path_too(as_ash: Client, second_gate: Lesson) -> None:
    response = as_ash.get("/learn/1/2/", follow=True)
    assert response.redirect_chain[-1][0].startswith("/path/")
    assert "Pass gate 1.1 Gate 1.1 first." in response.content.decode()


@pytest.mark.django_db
def test_a_locked_gate_has_no_link_on_the_path(as_ash: Client, second_gate: Lesson) -> None:
    page = as_ash.get("/path/").content.decode()
    assert 'href="/learn/1/1/"' in page
    assert "/learn/1/2/" not in page


@pytest.mark.django_db
def test_an_attempt_begun_before_the_gate_was_locked_can_be_neither_seen_nor_handed_in(
    as_ash: Client, ash: User, gate: Lesson, second_gate: Lesson
) -> None:
    take(ash, gate, at=timezone.now())
    begun = quiz_taking.begin(user_id=ash.pk, lesson_id=second_gate.pk, at=timezone.now())
    third = make_gate(1, 3)
    Lesson.objects.filter(pk=second_gate.pk).update(prerequisites=[third.pk])
    for response in (
        as_ash.get(f"/attempts/{begun.pk}/"),
        as_ash.post(f"/attempts/{begun.pk}/submit/", answers_to(begun)),
    ):
        assert (response.status_code, response.headers["Location"]) == (302, "/path/")
    begun.refresh_from_db()
    assert begun.state == AttemptState.OPEN


@pytest.mark.django_db
@pytest.mark.parametrize(
    "door", ["", "1/", "2/charts/1.json", "assessment/", "99/", "0/", "1001/", "99999999999999999999/"]
)
def test_a_gate_that_is_not_published_does_not_exist(as_ash: Client, gate: Lesson, door: str) -> None:
    Lesson.objects.update(is_active=False)
    assert as_ash.get(f"/learn/1/1/{door}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("place", ["9/9", "1/99999999999999999999", "99999999999999999999/1", "0/0"])
def test_a_gate_that_was_never_written_does_not_exist(as_ash: Client, gate: Lesson, place: str) -> None:
    assert as_ash.get(f"/learn/{place}/").status_code == 404
    assert as_ash.post(f"/learn/{place}/assessment/begin/").status_code == 404


@pytest.mark.django_db
def test_the_path_and_the_predicate_never_disagree(ash: User, brand: User) -> None:
    gates = [make_gate(level, n) for level in (1, 2, 3) for n in (1, 2)]
    gates.append(make_gate(2, 3, requires=[gates[0]], is_active=False))
    subscribe(brand, level_limit=3)
    for person in (ash, brand):
        for lesson in gates[:6]:
            if access.access_of(person.pk).is_open(lesson.pk):
                take(person, lesson, at=timezone.now())
        decided = access.access_of(person.pk)
        for level in path_of(person.pk):
            for card in level.gates:
                lesson = Lesson.objects.get(level_id=card.level, gate_id=card.gate)
                assert (card.state == "locked") is not decided.is_open(lesson.pk)
                answer = signed_in(person).get(f"/learn/{card.level}/{card.gate}/1/").status_code
                assert answer == (302 if card.state == "locked" else 200)
