"""What an assessment earns: paid once, told truly, and the first flame exactly at the end of level 1."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Sum

from accounts.models import Activity, User, UserProfile
from gamification import achievements, catalogue, ledger, rules
from gamification.ledger import Award
from gamification.models import Achievement, UserAchievement, XpEvent, XpSource
from learning.models import Attempt, Lesson
from tests.factories.gamification import PRODUCT, earn
from tests.factories.learning import make_gate, take

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def products_achievements(db: None) -> None:
    catalogue.load(PRODUCT)


def total(user: User) -> int:
    return UserProfile.objects.values_list("total_xp", flat=True).get(pk=user.pk)


def ledger_of(user: User) -> list[tuple[str, int]]:
    rows = XpEvent.objects.filter(user=user).order_by("occurred_at", "total_after")
    return list(rows.values_list("source", "amount"))


def told(attempt: Attempt) -> dict[str, object]:
    assert attempt.outcome is not None
    receipt: dict[str, object] = attempt.outcome["receipt"]
    return receipt


def paid_by(attempt: Attempt) -> list[tuple[str, int]]:
    rows = XpEvent.objects.filter(cause_id=attempt.pk).order_by("total_after")
    return list(rows.values_list("reason", "amount"))


def test_a_gate_pays_its_reward_once_however_often_it_is_passed(ash: User, gate: Lesson) -> None:
    for n in range(3):
        take(ash, gate, at=NOON + n * HOUR, mistakes=1)
    assert ledger_of(ash) == [("gate", 500)]
    assert total(ash) == 500


def test_a_perfect_first_attempt_pays_a_hundred_more(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON)
    assert ledger_of(ash) == [("gate", 500), ("perfect", 100)]


def test_a_perfect_second_attempt_pays_no_bonus(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON, mistakes=2)
    take(ash, gate, at=NOON + HOUR)
    assert ledger_of(ash) == [("gate", 500)]


def test_a_perfect_repeat_after_a_first_pass_pays_no_bonus(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON, mistakes=1)
    take(ash, gate, at=NOON + HOUR)
    assert ledger_of(ash) == [("gate", 500)]


def test_failing_pays_nothing(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON, mistakes=2)
    assert ledger_of(ash) == []
    assert total(ash) == 0


def test_the_reward_is_what_the_gate_says(ash: User) -> None:
    take(ash, make_gate(xp_reward=730), at=NOON, mistakes=1)
    assert ledger_of(ash) == [("gate", 730)]


@pytest.mark.usefixtures("products_achievements", "second_gate")
def test_an_achievement_unlocks_once_and_pays_once(ash: User, gate: Lesson) -> None:
    for n in range(3):
        take(ash, gate, at=NOON + n * HOUR, mistakes=1)
    unlocked = UserAchievement.objects.filter(user=ash)
    assert list(unlocked.values_list("achievement__code", flat=True)) == ["first-gate"]
    assert ledger_of(ash) == [("gate", 500), ("achievement", 50)]
    assert Activity.objects.filter(user=ash, activity_type="achievement_gain").count() == 1


@pytest.mark.usefixtures("products_achievements", "second_gate")
def test_a_withdrawn_achievement_unlocks_for_nobody(ash: User, gate: Lesson) -> None:
    Achievement.objects.filter(code="first-gate").update(is_active=False)
    take(ash, gate, at=NOON, mistakes=1)
    assert not UserAchievement.objects.filter(user=ash).exists()


@pytest.mark.usefixtures("products_achievements")
def test_an_achievement_for_a_streak_comes_on_its_day(ash: User, gate: Lesson) -> None:
    for n in range(3):
        before = UserAchievement.objects.filter(user=ash, achievement__code="streak-3").exists()
        assert before is False, n
        take(ash, gate, at=NOON + n * DAY, mistakes=5)
    assert UserAchievement.objects.get(user=ash).achievement.code == "streak-3"
    assert ledger_of(ash) == [("achievement", 100)]


@pytest.mark.usefixtures("products_achievements")
def test_the_first_flame_is_reached_exactly_when_level_one_is_completed_without_a_perfect_attempt(
    ash: User,
) -> None:
    gates = [make_gate(1, n) for n in range(1, 6)]
    for n, lesson in enumerate(gates[:-1]):
        take(ash, lesson, at=NOON + n * HOUR, mistakes=1)
        assert rules.flame_of(total(ash)) == 1
    assert total(ash) == 4 * 500 + 50 + 50
    last = take(ash, gates[-1], at=NOON + 5 * HOUR, mistakes=1)
    receipt = told(last)
    # 5 × 500, First light 50, Finding your feet 50, Solid ground 400: the flame's first step to the point.
    assert receipt["total_after"] == 3000
    assert total(ash) == 3000
    assert rules.flame_of(3000) == 2
    assert UserProfile.objects.values_list("current_level", flat=True).get(pk=ash.pk) == 2


@pytest.mark.usefixtures("products_achievements")
def test_every_receipt_tells_exactly_what_the_ledger_has(ash: User) -> None:
    gates = [make_gate(1, n) for n in range(1, 4)]
    at, sum_so_far = NOON, 0
    for lesson, mistakes in ((gates[0], 3), (gates[0], 0), (gates[1], 0), (gates[1], 1), (gates[2], 1)):
        at += DAY
        attempt = take(ash, lesson, at=at, mistakes=mistakes)
        receipt = told(attempt)
        assert [tuple(line) for line in receipt["lines"]] == paid_by(attempt)  # type: ignore[attr-defined]
        assert receipt["total_before"] == sum_so_far
        sum_so_far += sum(amount for _, amount in paid_by(attempt))
        assert receipt["total_after"] == sum_so_far
        attempt.refresh_from_db()
        assert [list(line) for line in paid_by(attempt)] == told(attempt)["lines"]
    assert total(ash) == sum_so_far == XpEvent.objects.filter(user=ash).aggregate(n=Sum("amount"))["n"]
    afters = XpEvent.objects.filter(user=ash).order_by("occurred_at", "total_after")
    running = 0
    for event in afters:
        running += event.amount
        assert event.total_after == running


@pytest.mark.usefixtures("products_achievements", "second_gate")
def test_a_receipt_names_the_achievements_it_unlocked(ash: User, gate: Lesson) -> None:
    receipt = told(take(ash, gate, at=NOON))
    titles = [a["title"] for a in receipt["achievements"]]  # type: ignore[attr-defined]
    assert titles == ["First light", "Clean sheet"]


def test_the_ledger_pays_an_award_once_and_passes_over_a_repeat(ash: User) -> None:
    award = Award(XpSource.GATE, uuid.uuid4(), 70, "A gate")
    other = Award(XpSource.PERFECT, award.source_id, 30, "The same id from another source")
    assert ledger.pay(ledger.lock(ash.pk), [award], cause_id=None, at=NOON) == [award]
    assert ledger.pay(ledger.lock(ash.pk), [award, other], cause_id=None, at=NOON) == [other]
    assert ledger.pay(ledger.lock(ash.pk), [award, other], cause_id=None, at=NOON) == []
    assert ledger.pay(ledger.lock(ash.pk), [], cause_id=None, at=NOON) == []
    assert total(ash) == 100


def test_the_same_award_twice_in_one_payment_is_paid_once(ash: User) -> None:
    award = Award(XpSource.GATE, uuid.uuid4(), 70, "A gate")
    ledger.pay(ledger.lock(ash.pk), [award, award], cause_id=None, at=NOON)
    assert ledger_of(ash) == [("gate", 70)]
    assert total(ash) == 70


def test_one_person_s_award_does_not_stop_another_s(ash: User, brand: User) -> None:
    award = Award(XpSource.GATE, uuid.uuid4(), 70, "A gate")
    for user in (ash, brand):
        ledger.pay(ledger.lock(user.pk), [award], cause_id=None, at=NOON)
    assert (total(ash), total(brand)) == (70, 70)


def test_only_a_correction_may_take_away_and_never_below_nothing(ash: User) -> None:
    earn(ash, 100, at=NOON)
    earn(ash, -40, at=NOON)
    assert total(ash) == 60
    with pytest.raises(IntegrityError), transaction.atomic():
        earn(ash, -1, at=NOON, source=XpSource.GATE)
    with pytest.raises(IntegrityError), transaction.atomic():
        earn(ash, -61, at=NOON)
    assert total(ash) == 60


def test_loading_the_achievements_twice_changes_nothing() -> None:
    first = catalogue.load(PRODUCT)
    before = list(Achievement.objects.order_by("code").values())
    assert catalogue.load(PRODUCT) == first == len(before) > 5
    assert list(Achievement.objects.order_by("code").values()) == before


@pytest.mark.usefixtures("products_achievements", "second_gate")
def test_badges_show_progress_and_put_the_earned_ones_first(ash: User, gate: Lesson) -> None:
    take(ash, gate, at=NOON, mistakes=1)
    badges = achievements.badges_of(ash.pk)
    first, *others = badges
    assert (first.code, first.progress, first.target, first.percent) == ("first-gate", 1, 1, 100)
    assert all(badge.unlocked_at is None for badge in others)
    three = next(badge for badge in others if badge.code == "three-gates")
    assert (three.progress, three.target, three.percent) == (1, 3, 33)
