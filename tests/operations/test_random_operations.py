"""Many people, many operations, killed processes: afterwards every number is right and nothing is lost."""

import os
import random
import signal
import time

import pytest
from django.utils import timezone

from accounts.models import OutboxMessage, User, UserProfile
from accounts.outbox import try_again
from community.models import Vote
from gamification import leaderboards
from learning.models import Attempt, AttemptState
from sessions.models import SessionParticipant
from tests.amounts import amount
from tests.database.rows import run, undone
from tests.factories.gamification import earn
from tests.figures import note
from tests.operations import invariants
from tests.operations.driver import Driver
from tests.operations.history import Verdict
from tests.operations.site import Site
from tests.operations.world import make_world
from tests.races.crew import Crew
from tests.servers.runs import eventually

OPERATIONS = amount(400, 50_000)
WEB_KILLS, WORKER_KILLS = amount(2, 20), amount(1, 8)
SEED = os.environ.get("OPERATIONS_SEED") or "dracarys"


@pytest.fixture(scope="module")
def driven(site: Site, crew: Crew) -> Driver:
    """The world after all operations; mail has left and ranks are fresh."""
    print(f"OPERATIONS_SEED={SEED}")
    driver = Driver(site, crew, make_world(random.Random(SEED)), SEED)
    site.start("worker")
    site.start("beat")
    began = time.perf_counter()
    driver.run(OPERATIONS, web_kills=WEB_KILLS, worker_kills=WORKER_KILLS)
    note("random operations: a second", f"{OPERATIONS / (time.perf_counter() - began):.0f}")
    waiting = OutboxMessage.objects.filter(sent_at=None)
    assert eventually(lambda: not waiting.filter(attempts=0).exists(), 60), site.log("worker")
    # What a killed worker was sending waits for the end of its lease; staff need not, nor do we. By the
    # worker that is stopped first nothing is being sent.
    site.family.stop(site.running["worker"], signal.SIGTERM, 30)
    try_again(waiting)
    site.start("worker")
    assert eventually(lambda: not waiting.exists(), 60), list(waiting.values())
    site.family.stop(site.running["beat"], signal.SIGTERM, 10)
    leaderboards.refresh_steps(at=timezone.now())
    return driver


def test_no_invariant_is_broken(driven: Driver) -> None:
    found = invariants.differences()
    note("random operations: differences found by the audits", sum(map(len, found.values())), limit="0")
    assert found == {}


def test_every_answer_was_a_page(driven: Driver) -> None:
    note("random operations: answers that were error pages", len(driven.world.history.troubles), limit="0")
    assert driven.world.history.troubles == []


def test_enough_was_done_refused_and_cut_off(driven: Driver) -> None:
    count = driven.world.history.count()
    note("random operations", count.total())
    note("random operations: refused or sent back", count[Verdict.REFUSED] + count[Verdict.SENT_BACK])
    note("random operations: cut off, nobody knows", count[Verdict.UNKNOWN])
    note("random operations: web processes killed", driven.web_kills)
    note("random operations: workers of the queue killed", driven.worker_kills)
    assert (driven.web_kills, driven.worker_kills) == (WEB_KILLS, WORKER_KILLS)
    assert count[Verdict.OK] > OPERATIONS // 2, count
    assert count[Verdict.REFUSED]
    assert count[Verdict.UNKNOWN] < count.total() // 20


def test_every_acknowledged_submit_is_stored_and_no_other_is(driven: Driver) -> None:
    by_owners = driven.world.history.of("submit", "submit_a_stale_paper")
    submits = [entry for entry in by_owners if "/submit/" in entry.detail]
    by_verdict = {v: {e.detail.split("/")[2] for e in submits if e.verdict is v} for v in Verdict}
    rows = Attempt.objects.filter(state=AttemptState.SUBMITTED).values_list("pk", flat=True)
    stored = {str(pk) for pk in rows}
    assert by_verdict[Verdict.OK] <= stored
    assert stored <= by_verdict[Verdict.OK] | by_verdict[Verdict.UNKNOWN]


def test_what_was_written_last_stands(driven: Driver) -> None:
    """Names, votes, seats, and the answers of papers that are still open."""
    stands: dict[object, str] = {}
    for user, name in UserProfile.objects.values_list("pk", "full_name"):
        stands["name", user] = name or ""
    for user, post, kind in Vote.objects.values_list("user_id", "target_id", "vote_type"):
        stands["vote", user, post] = kind
    for user, meeting in SessionParticipant.objects.values_list("user_id", "session_id"):
        stands["seat", user, meeting] = "taken"
    for mail in OutboxMessage.objects.filter(kind="operation"):
        stands["mail", mail.recipient] = "queued"
    open_papers = Attempt.objects.filter(state=AttemptState.OPEN)
    for attempt in open_papers:
        stands |= {(attempt.pk, token): answer for token, answer in attempt.answers.items()}
    closed = set(Attempt.objects.exclude(state=AttemptState.OPEN).values_list("pk", flat=True))
    history = driven.world.history
    wrong = [
        f"{place} is {stands.get(place, '')!r} and should be one of {values}:\n{history.at(place)}"
        for place, values in history.possible().items()
        if stands.get(place, "") not in values and place[0] not in closed  # type: ignore[index]
    ]
    assert wrong == [], "\n".join(wrong)


def test_every_mail_has_left(driven: Driver) -> None:
    """One that a killed worker had in hand may have left twice; none is lost."""
    letters = "".join(path.read_text() for path in driven.site.mailbox.glob("*.log"))
    copies = [
        letters.count(f"To: {address}\n")
        for address in OutboxMessage.objects.filter(kind="operation").values_list("recipient", flat=True)
    ]
    assert all(copies)
    assert sum(copies) - len(copies) <= 2 * driven.worker_kills


# --- The control -------------------------------------------------------------------------------------

SABOTAGE = {
    "the nightly audit of scores": "UPDATE user_profiles SET total_xp = total_xp + 1",
    "the nightly recount of votes and comments": "UPDATE community_posts SET upvotes_count = 9999",
    "the nightly recount of seats": "UPDATE live_sessions SET max_participants = 99, "
    "current_participants = current_participants + 1",
    "each row of the ledger says the total so far": "UPDATE xp_events SET total_after = total_after + 1",
    "a gate that was passed has paid once, and no other": "DELETE FROM xp_events WHERE source = 'gate'",
    "the bonus was paid for a perfect first attempt, and for no other": "DELETE FROM xp_events "
    "WHERE source = 'perfect'",
    "an achievement that was unlocked has paid once, and no other": "DELETE FROM xp_events "
    "WHERE source = 'achievement'",
    "receipts add up to the total": "UPDATE attempts SET outcome = "
    "jsonb_set(outcome, '{receipt,total_after}', '0') WHERE passed",
    "progress counts the attempts that were handed in": "UPDATE user_progress SET attempts_count = 99",
    "progress knows what its gate has paid": "UPDATE user_progress SET xp_earned = xp_earned + 1",
    "attempts are numbered without a gap": "UPDATE attempts SET number = number + 1000",
    "an attempt that was handed in is in the activity log once": "DELETE FROM user_activity_log",
    "the calendar of a streak has the days of the activity log": "DELETE FROM user_streaks",
    "no streak is longer than its days": "UPDATE user_streaks SET longest_streak = 99",
    "ranks by steps are ranks": "DELETE FROM leaderboard_steps",
    "frozen ranks are ranks": "UPDATE leaderboard SET rank = 99",
    "versions are numbered without a gap": "ALTER TABLE lesson_versions DISABLE TRIGGER USER; "
    "UPDATE lesson_versions SET number = number + 1000",
    "every mail has left": "UPDATE outbox_messages SET sent_at = NULL",
}


@pytest.mark.parametrize("name", list(SABOTAGE))
def test_each_audit_names_what_was_altered_behind_its_back(driven: Driver, name: str) -> None:
    """A new invariant says here how it can be broken."""
    with undone():
        assert run(SABOTAGE[name])
        assert name in invariants.differences()


def test_every_invariant_has_been_seen_broken() -> None:
    ours = {name for name in SABOTAGE if not name.startswith("the nightly")}
    assert ours == set(invariants.INVARIANTS), "say in SABOTAGE how a new invariant can be broken"


def test_without_the_ledgers_trigger_the_audit_names_every_score(driven: Driver) -> None:
    user = User.objects.first()
    assert user
    with undone():
        run("ALTER TABLE xp_events DISABLE TRIGGER trigger_update_leaderboard")
        earn(user, 100, at=timezone.now())
        found = invariants.differences()["the nightly audit of scores"]
    assert len([one for one in found if f"score of {user.pk}" in one.what]) == 4
