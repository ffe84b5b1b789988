"""The leaderboard and achievement pages over HTTP."""

import html
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User, UserProfile
from gamification import catalogue, leaderboards
from tests.conftest import Counted
from tests.factories.gamification import PRODUCT, earn, learner
from tests.factories.learning import make_gate, take

pytestmark = pytest.mark.django_db


def fill(people: int, ash: User) -> None:
    now = timezone.now()
    for n in range(people - 1):
        earn(learner(f"Person {n}"), 1000 + n, at=now)
    earn(ash, 10, at=now)
    leaderboards.refresh_steps(at=now)


@pytest.mark.parametrize("period", ["daily", "weekly", "monthly", "all_time"])
def test_each_period_has_its_page_and_marks_its_tab(as_ash: Client, ash: User, period: str) -> None:
    fill(3, ash)
    response = as_ash.get(f"/leaderboards/{period}/")
    page = response.content.decode()
    assert response.status_code == 200
    current = re.findall(r'<a href="([^"]+)" aria-current="page">', page)
    assert f"/leaderboards/{period}/" in current
    assert "You are 3 of 3, ahead of 0 %." in page
    assert "UTC" in page


@pytest.mark.parametrize("period", ["yearly", "WEEKLY", "weekly'", "0"])
def test_an_unknown_period_does_not_exist(as_ash: Client, period: str) -> None:
    assert as_ash.get(f"/leaderboards/{period}/").status_code == 404


def test_my_row_is_the_only_one_that_is_marked(as_ash: Client, ash: User) -> None:
    fill(4, ash)
    page = as_ash.get("/leaderboards/weekly/").content.decode()
    marked = re.findall(r'<tr class="me">.*?</tr>', page, re.DOTALL)
    assert len(marked) == 1
    assert "Ash" in marked[0]


def test_names_are_escaped(as_ash: Client, ash: User) -> None:
    nasty = "<script>alert(1)</script>\"'&"
    UserProfile.objects.filter(pk=ash.pk).update(full_name=nasty)
    fill(1, ash)
    page = as_ash.get("/leaderboards/weekly/").content.decode()
    assert "<script>alert" not in page
    assert html.escape(nasty) in page


def test_an_empty_board_says_so_and_leads_to_the_path(as_ash: Client) -> None:
    page = as_ash.get("/leaderboards/daily/").content.decode()
    assert "The board is clear" in page
    assert 'href="/path/"' in page


@pytest.mark.parametrize(
    ("people", "queries"),
    [
        # Session and person 2, savepoint of the request 2, the top and those around me 1, ranks and number 1.
        (3, 6),
        (60, 6),
    ],
)
def test_queries_of_a_board_do_not_grow_with_it(
    as_ash: Client, ash: User, counted: Counted, people: int, queries: int
) -> None:
    fill(people, ash)
    with counted(queries):
        as_ash.get("/leaderboards/weekly/")


@pytest.mark.parametrize("deeds", [0, 6])
def test_queries_of_the_achievements_do_not_grow_with_what_was_done(
    as_ash: Client, ash: User, counted: Counted, deeds: int
) -> None:
    catalogue.load(PRODUCT)
    for n in range(deeds):
        take(ash, make_gate(1, n + 1), at=timezone.now())
    # Session and person 2, savepoint of the request 2, streak 1, total 1, facts 1, unlocked 1, all 1.
    with counted(9):
        page = as_ash.get("/achievements/").content.decode()
    assert ("0 of 9 earned" in page) is (deeds == 0)
