"""Past results graded again: who gains, who loses, what is paid, and that it all adds up."""

import datetime as dt

import pytest
from django.test import Client

from accounts.models import Activity, ActivityType, User
from gamification import catalogue
from gamification.models import LeaderboardEntry, UserAchievement, UserStreak, XpEvent, XpSource
from learning import insights
from learning.models import Attempt, Lesson, QuestionAnswer, Regrading
from learning.tasks import regrade
from learning.workshop import marks, regrading, sheets
from tests.factories.gamification import PRODUCT, earn
from tests.factories.learning import make_gate, question
from tests.factories.questions import multiple_choice
from tests.workshop.cohort import (
    HOUR,
    NOW,
    all_is_exact,
    answer,
    begun,
    handed_in,
    keyed,
    learner,
    ledger,
    ordered,
    progress,
    published,
    published_as,
    regraded,
    told,
    total,
    written,
)

pytestmark = pytest.mark.django_db


# --- Up ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["raise", "all"])
def test_a_pass_that_comes_by_regrading_is_paid_and_told(
    gate: Lesson, second_gate: Lesson, ash: User, sol: User, as_ash: Client, mode: str
) -> None:
    failed = answer(ash, gate, "ccbbb")
    assert (failed.score, failed.passed, total(ash)) == (60, False, 0)
    order = regraded(gate, mode, sol, q1="c")
    failed.refresh_from_db()
    assert (failed.score, failed.passed, failed.regraded_by) == (80, True, order)
    assert ledger(ash) == [("gate", 500)]
    row = progress(ash, gate)
    assert (row.completed, row.score, row.xp_earned) == (True, 80, 500)
    assert (order.learners, order.attempts_changed, order.passes_gained, order.xp) == (1, 1, 1, 500)
    assert order.finished_at
    page = as_ash.get(failed.get_absolute_url()).content.decode()
    assert "60 % → 80 %. The key was wrong." in page
    assert "You were given 500 XP." in page
    assert second_gate.title in page
    assert as_ash.get("/learn/1/2/1/").status_code == 200
    assert all_is_exact()


def test_what_was_perfect_all_along_is_paid_once(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "cbbbb")
    assert ledger(ash) == [("gate", 500)]
    regraded(gate, "raise", sol, q1="c")
    assert ledger(ash) == [("gate", 500), ("perfect", 100)]
    regraded(gate, "all", sol, q2="b", q1="b")
    regraded(gate, "all", sol, q1="c")
    assert total(ash) == 600
    assert all_is_exact()


def test_only_better_results_are_touched_where_the_author_says_so(
    gate: Lesson, ash: User, brand: User, sol: User
) -> None:
    answer(ash, gate, "cbbba")
    kept = answer(brand, gate, "bbbbb")
    order = regraded(gate, "raise", sol, q1="c")
    kept.refresh_from_db()
    assert (kept.score, told(kept)["feedback"][0]["correct"], total(brand)) == (100, True, 600)
    assert (order.attempts_changed, order.passes_lost, total(ash)) == (1, 0, 500)
    assert all_is_exact()


def test_the_deed_is_of_the_day_on_which_it_was_done_and_no_streak_grows(
    gate: Lesson, ash: User, sol: User
) -> None:
    catalogue.load(PRODUCT)
    then = NOW - dt.timedelta(days=3)
    answer(ash, gate, "ccbbb", at=then)
    before = UserStreak.objects.get(user=ash)
    regraded(gate, "raise", sol, q1="c")
    after = UserStreak.objects.get(user=ash)
    assert (after.current_streak, after.streak_data) == (before.current_streak, before.streak_data)
    deed = Activity.objects.get(user=ash, activity_type=ActivityType.LESSON_COMPLETE)
    assert deed.created_at == then
    assert UserAchievement.objects.filter(user=ash).exists()
    assert total(ash) > 500
    assert all_is_exact()


# --- Down ----------------------------------------------------------------------------------------------


def test_a_pass_withdrawn_is_a_row_of_the_ledger_and_passing_again_gives_it_back_once(
    gate: Lesson, ash: User, sol: User
) -> None:
    answer(ash, gate, "bbbbb")
    order = regraded(gate, "all", sol, q1="c", q2="c")
    assert ledger(ash)[:2] == [("correction", -500), ("correction", -100)]
    row = progress(ash, gate)
    assert (row.completed, row.score, row.xp_earned, row.completed_at) == (False, 60, 0, None)
    assert (row.xp_withdrawn, row.perfect_withdrawn, total(ash)) == (500, 100, 0)
    assert (order.passes_lost, order.xp) == (1, -600)
    assert all_is_exact()
    later = NOW + 2 * HOUR
    again = answer(ash, gate, "ccbbb", at=later)
    assert told(again)["receipt"]["lines"] == (("Gate 1.1: Gate 1.1, passed again", 500),)
    assert (total(ash), progress(ash, gate).xp_withdrawn, progress(ash, gate).xp_earned) == (500, 0, 500)
    answer(ash, gate, "ccbbb", at=later)
    assert total(ash) == 500
    assert all_is_exact()


def test_a_regrading_gives_back_what_another_took(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "bbbbb")
    regraded(gate, "all", sol, q1="c", q2="c")
    regraded(gate, "all", sol, q1="b", q2="b")
    assert [amount for _, amount in ledger(ash)] == [-500, -100, 100, 500, 500, 100]
    row = progress(ash, gate)
    assert (row.completed, row.xp_withdrawn, row.perfect_withdrawn, total(ash)) == (True, 0, 0, 600)
    assert len(told(Attempt.objects.get())["regraded"]) == 2
    assert all_is_exact()


def test_nobody_falls_below_nothing(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "bbbbb")
    earn(ash, -450, at=NOW)
    regraded(gate, "all", sol, q1="c", q2="c")
    row = progress(ash, gate)
    assert (total(ash), row.xp_withdrawn, row.perfect_withdrawn) == (0, 150, 0)
    assert all_is_exact()


def test_boards_of_the_day_may_go_below_nothing_and_show_nobody_there(
    gate: Lesson, ash: User, as_ash: Client, sol: User
) -> None:
    answer(ash, gate, "bbbbb", at=NOW - dt.timedelta(days=70))
    regraded(gate, "all", sol, q1="c", q2="c")
    points = LeaderboardEntry.objects.filter(user=ash, period="daily").order_by("period_start_date")
    assert list(points.values_list("xp_points", flat=True)) == [600, -600]
    assert LeaderboardEntry.objects.get(user=ash, period="all_time").xp_points == 0
    assert as_ash.get("/leaderboard/daily/").status_code in (200, 404)
    assert all_is_exact()


def test_achievements_stay_with_whoever_loses_a_pass(gate: Lesson, ash: User, sol: User) -> None:
    catalogue.load(PRODUCT)
    answer(ash, gate, "bbbbb")
    had = set(UserAchievement.objects.filter(user=ash).values_list("achievement_id", flat=True))
    regraded(gate, "all", sol, q1="c", q2="c")
    assert had
    assert had == set(UserAchievement.objects.values_list("achievement_id", flat=True))
    assert all_is_exact()


# --- What counts ---------------------------------------------------------------------------------------


def test_the_policy_is_that_of_the_new_version(gate: Lesson, ash: User, brand: User, sol: User) -> None:
    answer(ash, gate, "ccbbb")
    answer(brand, gate, "bbbbb")
    answer(brand, gate, "cccbb")
    ordered(gate, published_as(gate, written(gate, pass_score=60, counts="last")), "all", sol)
    regrading.work(at=NOW + HOUR)
    assert (progress(ash, gate).completed, total(ash)) == (True, 500)
    assert (progress(brand, gate).completed, progress(brand, gate).score) == (True, 40)
    assert all_is_exact()


def test_an_average_is_worked_out_anew_over_all_attempts(gate: Lesson, ash: User, sol: User) -> None:
    published_as(gate, written(gate, counts="average"))
    for chosen in ("ccbbb", "cbbbb"):
        answer(ash, gate, chosen)
    assert (progress(ash, gate).score, progress(ash, gate).completed) == (70, False)
    regraded(gate, "raise", sol, q1="c")
    assert (progress(ash, gate).score, progress(ash, gate).completed) == (90, True)
    assert all_is_exact()


def test_a_question_that_is_gone_or_cannot_be_graded_keeps_its_credit(ash: User, sol: User) -> None:
    gate = make_gate(assessment_data={"questions": [question(1), question(2), multiple_choice(3)]})
    failed = answer(ash, gate, "cba")
    credit = {one["token"]: one["credit"] for one in told(failed)["feedback"]}
    changed = keyed(gate, q1="c")
    changed["questions"] = [changed["questions"][0], multiple_choice(2)]
    ordered(gate, published_as(gate, changed), "all", sol)
    regrading.work(at=NOW + HOUR)
    failed.refresh_from_db()
    after = {one["token"]: one["credit"] for one in told(failed)["feedback"]}
    ids = {one["token"]: one["id"] for one in failed.paper["questions"]}
    assert {ids[token] for token in credit if after[token] != credit[token]} == {"q1"}


def test_the_answers_one_by_one_follow(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "ccbbb")
    regraded(gate, "all", sol, q1="c")
    rows = {row.question: row for row in QuestionAnswer.objects.filter(user=ash)}
    assert {one: float(row.credit) for one, row in rows.items()} == {
        "q1": 1,
        "q2": 0,
        "q3": 1,
        "q4": 1,
        "q5": 1,
    }
    assert rows["q1"].answered_at == NOW
    assert rows["q1"].topic == "risk"
    assert insights.insights_of(ash.pk).answers == 5


def test_credits_in_thirds_still_add_up() -> None:
    thirds = [{"credit": credit, "correct": False} for credit in (1 / 3, 2 / 3, 1 / 7, 6 / 7)]
    assert sum(marks.credit_of(one) for one in thirds) == 2


# --- The job -------------------------------------------------------------------------------------------


def test_leaving_past_results_orders_nothing(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "ccbbb")
    version = published(gate, q1="c")
    assert regrading.request(gate, version=version, mode="leave", words="", by=sol.pk) is None
    assert regrade() == 0
    assert Attempt.objects.get().score == 60


def test_whoever_left_them_may_have_them_graded_later(gate: Lesson, ash: User, as_sol: Client) -> None:
    failed = answer(ash, gate, "ccbbb")
    published(gate, q1="c")
    address = f"/admin/learning/lesson/{gate.pk}/results/regrade/"
    assert "60 % → 80 %" in as_sol.get(address).content.decode()
    assert as_sol.post(address, {"words": "", "mode": "raise"}).status_code == 422
    as_sol.post(address, {"words": "The key was wrong.", "mode": "raise"})
    assert regrade() == 1
    failed.refresh_from_db()
    assert (failed.score, failed.passed, ledger(ash)) == (80, True, [("gate", 500)])
    all_is_exact()


def test_a_run_that_was_cut_short_is_gone_on_with(gate: Lesson, sol: User) -> None:
    people = [learner(f"Learner {n}") for n in range(3)]
    for one in people:
        answer(one, gate, "ccbbb")
    order = ordered(gate, published(gate, q1="c"), "raise", sol)
    assert regrading.work(at=NOW + HOUR, at_most=2) == 2
    order.refresh_from_db()
    assert (order.learners, order.finished_at) == (2, None)
    assert regrade() == 1
    assert regrade() == 0
    order.refresh_from_db()
    assert (order.learners, order.xp) == (3, 1500)
    assert order.finished_at
    assert all_is_exact()


def test_who_cannot_be_regraded_holds_nobody_up(
    gate: Lesson,
    ash: User,
    brand: User,
    sol: User,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    answer(ash, gate, "ccbbb")
    answer(brand, gate, "ccbbb")
    order = ordered(gate, published(gate, q1="c"), "raise", sol)
    read = sheets.standings_of

    def breaks(lesson: Lesson, people: list[object]) -> object:
        if ash.pk in people:
            raise LookupError("a broken row")
        return read(lesson, people)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(sheets, "standings_of", breaks)
        assert regrading.work(at=NOW + HOUR) == 1
    assert "could not regrade a learner" in caplog.text
    assert (total(ash), total(brand)) == (0, 500)
    order.refresh_from_db()
    assert order.finished_at is None
    assert regrading.work(at=NOW + HOUR) == 1
    assert total(ash) == 500


def test_what_is_handed_in_on_an_old_paper_afterwards_is_graded_again_too(
    gate: Lesson, ash: User, sol: User
) -> None:
    old = begun(ash, gate)
    order = regraded(gate, "raise", sol, q1="c")
    assert order.finished_at
    handed_in(old, "ccbbb", at=NOW + 2 * HOUR)
    assert regrade() == 1
    old.refresh_from_db()
    assert (old.score, total(ash)) == (80, 500)
    answer(ash, gate, "ccbbb", at=NOW + 3 * HOUR)
    assert regrade() == 0
    assert all_is_exact()


def test_two_orders_of_a_gate_are_carried_out_in_their_order(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "ccbbb")
    first = ordered(gate, published(gate, q1="c"), "all", sol)
    second = ordered(gate, published(gate, q1="a"), "all", sol)
    assert regrading.work(at=NOW + HOUR) == 2
    attempt = Attempt.objects.get()
    assert attempt.regraded_by == second
    assert [one["after"] for one in told(attempt)["regraded"]] == [80, 60]
    assert Regrading.objects.filter(finished_at__isnull=False).count() == 2
    assert first.requested_at <= second.requested_at
    assert total(ash) == 0
    assert all_is_exact()


def test_every_row_of_a_correction_says_why(gate: Lesson, ash: User, sol: User) -> None:
    answer(ash, gate, "bbbbb")
    regraded(gate, "all", sol, q1="c", q2="c")
    reasons = XpEvent.objects.filter(source=XpSource.CORRECTION).values_list("reason", flat=True)
    assert set(reasons) == {"Gate 1.1: Gate 1.1, regraded"}
