"""The lesson player over HTTP: resuming, continuing, going back, and the time that counts."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import progress
from learning.models import Lesson, UserProgress
from learning.rules import LONGEST_GAP, time_spent
from tests.factories.learning import make_gate, take

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
HTMX = {"HX-Request": "true"}


def position(user: User) -> int:
    return UserProgress.objects.get(user=user).position


def test_a_new_gate_begins_at_its_first_block(as_ash: Client, gate: Lesson) -> None:
    response = as_ash.get("/learn/1/1/", follow=True)
    assert response.redirect_chain == [("/learn/1/1/1/", 302)]
    page = response.content.decode()
    assert "Text of part <strong>1</strong>." in page
    assert "Text of part <strong>3</strong>." not in page


def test_continue_leads_block_by_block_to_the_assessment(as_ash: Client, ash: User, gate: Lesson) -> None:
    visited = []
    for number in (1, 2, 3):
        visited.append(as_ash.post(f"/learn/1/1/{number}/continue/").headers["Location"])
        assert position(ash) == number
    assert visited == ["/learn/1/1/2/", "/learn/1/1/3/", "/learn/1/1/assessment/"]


def test_the_gate_resumes_at_the_first_block_that_is_not_finished(as_ash: Client, gate: Lesson) -> None:
    as_ash.post("/learn/1/1/1/continue/")
    assert as_ash.get("/learn/1/1/").headers["Location"] == "/learn/1/1/2/"
    as_ash.post("/learn/1/1/2/continue/")
    as_ash.post("/learn/1/1/3/continue/")
    assert as_ash.get("/learn/1/1/").headers["Location"] == "/learn/1/1/assessment/"


def test_a_gate_that_lost_blocks_since_resumes_at_the_assessment(
    as_ash: Client, ash: User, gate: Lesson
) -> None:
    progress.reach(user_id=ash.pk, lesson=gate, position=40, at=NOON)
    assert as_ash.get("/learn/1/1/").headers["Location"] == "/learn/1/1/assessment/"
    assert as_ash.get("/path/").status_code == 200


def test_going_back_never_moves_progress_back(as_ash: Client, ash: User, gate: Lesson) -> None:
    as_ash.post("/learn/1/1/1/continue/")
    as_ash.post("/learn/1/1/2/continue/")
    page = as_ash.get("/learn/1/1/3/").content.decode()
    assert re.search(r'<a class="btn plain" href="/learn/1/1/2/">', page)
    as_ash.get("/learn/1/1/1/")
    as_ash.post("/learn/1/1/1/continue/")
    assert position(ash) == 2


def test_the_first_block_has_no_way_back(as_ash: Client, gate: Lesson) -> None:
    assert "Back</a>" not in as_ash.get("/learn/1/1/1/").content.decode()


def test_the_outline_links_what_was_finished_and_the_next_one_only(as_ash: Client, ash: User) -> None:
    progress.reach(user_id=ash.pk, lesson=make_gate(blocks=5), position=2, at=NOON)
    outline = as_ash.get("/learn/1/1/1/").content.decode().split('<nav class="outline"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', outline) == ["/learn/1/1/2/", "/learn/1/1/3/"]


@pytest.mark.parametrize("number", ["0", "4", "1001", "99999999999999999999999"])
def test_a_block_that_is_not_there_does_not_exist(
    as_ash: Client, ash: User, gate: Lesson, number: str
) -> None:
    assert as_ash.get(f"/learn/1/1/{number}/").status_code == 404
    assert as_ash.post(f"/learn/1/1/{number}/continue/").status_code == 404
    assert as_ash.get(f"/learn/1/1/{number}/charts/1.json").status_code == 404
    assert not UserProgress.objects.exists()


def test_continue_asked_for_by_get_shows_the_block_and_finishes_nothing(as_ash: Client, gate: Lesson) -> None:
    assert as_ash.get("/learn/1/1/2/continue/").headers["Location"] == "/learn/1/1/2/"
    assert not UserProgress.objects.exists()
    assert as_ash.post("/learn/1/1/1/").status_code == 405


def test_htmx_gets_the_next_block_alone_and_its_address(as_ash: Client, ash: User, gate: Lesson) -> None:
    response = as_ash.post("/learn/1/1/1/continue/", headers=HTMX)
    fragment = response.content.decode()
    assert (response.status_code, response.headers["HX-Push-Url"]) == (200, "/learn/1/1/2/")
    assert "<html" not in fragment
    assert 'id="step"' in fragment
    assert "A chart" in fragment
    assert position(ash) == 1


def test_htmx_is_sent_to_the_assessment_as_a_whole_page(as_ash: Client, gate: Lesson) -> None:
    response = as_ash.post("/learn/1/1/3/continue/", headers=HTMX)
    assert (response.status_code, response.headers["HX-Redirect"]) == (204, "/learn/1/1/assessment/")


def test_a_block_asked_for_by_htmx_is_the_fragment_and_otherwise_the_page(
    as_ash: Client, gate: Lesson
) -> None:
    fragment = as_ash.get("/learn/1/1/2/", headers=HTMX).content.decode()
    page = as_ash.get("/learn/1/1/2/").content.decode()
    assert "<html" not in fragment
    assert "<html" in page
    assert 'id="step"' in fragment
    assert 'id="step"' in page


def test_reading_again_after_passing_keeps_the_pass(as_ash: Client, ash: User, gate: Lesson) -> None:
    take(ash, gate, at=timezone.now())
    as_ash.post("/learn/1/1/1/continue/")
    row = UserProgress.objects.get(user=ash)
    assert (row.completed, row.score, row.position, row.attempts_count) == (True, 100, 1, 1)


# --- Time ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "counted"),
    [
        (dt.timedelta(seconds=-5), dt.timedelta()),
        (dt.timedelta(), dt.timedelta()),
        (MINUTE, MINUTE),
        (LONGEST_GAP, LONGEST_GAP),
        (LONGEST_GAP + MINUTE, LONGEST_GAP),
        (dt.timedelta(days=3), LONGEST_GAP),
    ],
)
def test_a_gap_counts_up_to_its_limit(gap: dt.timedelta, counted: dt.timedelta) -> None:
    before = dt.timedelta(minutes=7)
    assert time_spent(before, NOON, NOON + gap) == before + counted
    assert time_spent(None, NOON, NOON + gap) == counted


def test_the_first_sign_of_life_costs_no_time() -> None:
    assert time_spent(None, None, NOON) == dt.timedelta()


def test_time_in_a_lesson_adds_up_without_the_pauses(ash: User, gate: Lesson) -> None:
    for minutes in (0, 2, 4, 60, 61):
        progress.reach(user_id=ash.pk, lesson=gate, position=1, at=NOON + minutes * MINUTE)
    row = UserProgress.objects.get(user=ash)
    assert row.time_spent == 2 * MINUTE + 2 * MINUTE + LONGEST_GAP + MINUTE
    assert row.last_seen_at == NOON + 61 * MINUTE


def test_the_time_of_an_attempt_is_kept_with_it_and_added_to_the_gate(ash: User, gate: Lesson) -> None:
    progress.reach(user_id=ash.pk, lesson=gate, position=1, at=NOON)
    progress.reach(user_id=ash.pk, lesson=gate, position=2, at=NOON + MINUTE)
    attempt = take(ash, gate, at=NOON + 30 * MINUTE, minutes=2)
    assert attempt.time_spent == 2 * MINUTE
    assert UserProgress.objects.get(user=ash).time_spent == 3 * MINUTE
