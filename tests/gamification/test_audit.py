"""The nightly audit finds nothing after an honest history, and every difference that is planted."""

import datetime as dt
import logging
import random
import uuid

import pytest

from accounts.models import User, UserProfile
from dracarys.lib.drift import Difference
from gamification import audit, leaderboards, streaks
from gamification.models import LeaderboardEntry, XpEvent, XpSource
from learning.models import Lesson
from tests.factories.gamification import earn, learner
from tests.factories.learning import take

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 2, 26, 12, tzinfo=dt.UTC)


@pytest.fixture
def history(ash: User, brand: User, gate: Lesson) -> None:
    """Weeks of acts over a month's end, corrections and jobs among them."""
    chance = random.Random(7)
    people = [ash, brand, learner("Nia", timezone="Pacific/Auckland")]
    for n in range(40):
        at = NOON + n * dt.timedelta(hours=13)
        person = chance.choice(people)
        if chance.random() < 0.3:
            take(person, gate, at=at, mistakes=chance.choice((0, 1, 4)))
        else:
            earn(person, chance.randrange(1, 2000), at=at)
        if chance.random() < 0.2:
            streaks.end_missed(at=at)
            leaderboards.close_periods(at=at)
    earn(ash, -5, at=NOON)


@pytest.mark.usefixtures("history")
def test_an_honest_history_shows_no_difference(caplog: pytest.LogCaptureFixture) -> None:
    assert XpEvent.objects.count() > 25
    assert LeaderboardEntry.objects.count() > 20
    with caplog.at_level(logging.ERROR, "dracarys.audit"):
        assert audit.differences() == []
        assert audit.report() == 0
    assert caplog.records == []


def test_an_empty_site_shows_no_difference() -> None:
    assert audit.differences() == []


def found_after(caplog: pytest.LogCaptureFixture) -> tuple[Difference, str]:
    with caplog.at_level(logging.ERROR, "dracarys.audit"):
        assert audit.report() == 1
    (difference,) = audit.differences()
    return difference, caplog.text


@pytest.mark.usefixtures("history")
def test_a_wrong_total_is_found_and_logged(ash: User, caplog: pytest.LogCaptureFixture) -> None:
    total = UserProfile.objects.get(pk=ash.pk).total_xp
    UserProfile.objects.filter(pk=ash.pk).update(total_xp=total + 1)
    difference, log = found_after(caplog)
    assert (difference.stored, difference.rebuilt) == (total + 1, total)
    assert str(ash.pk) in log


@pytest.mark.usefixtures("history")
def test_a_wrong_flame_is_found_and_logged(ash: User, caplog: pytest.LogCaptureFixture) -> None:
    UserProfile.objects.filter(pk=ash.pk).update(current_level=9)
    difference, _ = found_after(caplog)
    assert str(ash.pk) in difference.what


@pytest.mark.usefixtures("history")
@pytest.mark.parametrize("column", ["xp_points", "lessons_completed"])
@pytest.mark.parametrize("period", ["daily", "weekly", "monthly", "all_time"])
def test_a_wrong_score_is_found_and_logged(
    ash: User, column: str, period: str, caplog: pytest.LogCaptureFixture
) -> None:
    entry = LeaderboardEntry.objects.filter(user=ash, period=period).latest("period_start_date")
    LeaderboardEntry.objects.filter(pk=entry.pk).update(**{column: getattr(entry, column) + 1})
    difference, log = found_after(caplog)
    assert difference.what == f"{period} score of {ash.pk} from {entry.period_start_date}"
    assert difference.what in log


@pytest.mark.usefixtures("history")
def test_a_missing_score_is_found_and_logged(ash: User, caplog: pytest.LogCaptureFixture) -> None:
    LeaderboardEntry.objects.filter(user=ash, period="all_time").delete()
    difference, _ = found_after(caplog)
    assert difference.stored is None
    assert difference.rebuilt == UserProfile.objects.get(pk=ash.pk).total_xp


@pytest.mark.usefixtures("history")
def test_a_score_that_nothing_earned_is_found_and_logged(ash: User, caplog: pytest.LogCaptureFixture) -> None:
    day = dt.date(2020, 1, 1)
    LeaderboardEntry.objects.create(
        user=ash, period="daily", period_start_date=day, period_end_date=day, xp_points=7
    )
    difference, _ = found_after(caplog)
    assert (difference.stored, difference.rebuilt) == (7, None)


@pytest.mark.usefixtures("history")
def test_a_ledger_row_written_past_the_product_is_found(ash: User, caplog: pytest.LogCaptureFixture) -> None:
    total = UserProfile.objects.get(pk=ash.pk).total_xp
    XpEvent.objects.create(
        user=ash,
        source=XpSource.CORRECTION,
        source_id=uuid.uuid4(),
        amount=3,
        reason="By hand",
        total_after=total + 3,
        occurred_at=NOON,
    )
    difference, _ = found_after(caplog)
    assert (difference.stored, difference.rebuilt) == (total, total + 3)
