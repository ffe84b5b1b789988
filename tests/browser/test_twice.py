"""Impatience: a double click and two tabs give one result and are paid once."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User, UserProfile
from gamification.models import XpEvent
from learning.models import Attempt, Lesson
from tests.browser.conftest import Visits
from tests.browser.steps import answer, open_attempt


@pytest.fixture
def page(visits: Visits, ash: User, gate: Lesson) -> Page:
    page = visits.open(ash)
    page.goto("/learn/1/1/assessment/")
    return page


def paid_once(user: User) -> None:
    assert Attempt.objects.filter(user=user).count() == 1
    assert XpEvent.objects.filter(user=user, amount=500).count() == 1
    assert UserProfile.objects.get(pk=user.pk).total_xp == 600


def test_a_double_click_on_submit_gives_one_result(page: Page, ash: User) -> None:
    page.get_by_role("button", name="Begin").dblclick()
    expect(page).to_have_url(re.compile("/attempts/"))
    answer(page, open_attempt(ash))
    page.get_by_role("button", name="Submit answers").dblclick()
    expect(page).to_have_url(re.compile("/result/$"))
    expect(page.locator(".score [data-count]")).to_have_text("100")
    paid_once(ash)


def test_two_tabs_share_one_paper_and_one_result(visits: Visits, page: Page, ash: User) -> None:
    other = visits.watch(page.context.new_page())
    other.goto("/learn/1/1/assessment/")
    for tab in (page, other):
        tab.bring_to_front()
        tab.get_by_role("button", name="Begin").click()
        expect(tab).to_have_url(re.compile("/attempts/"))
    assert page.url == other.url
    attempt = open_attempt(ash)
    for tab in (page, other):
        tab.bring_to_front()
        answer(tab, attempt)
    for tab in (page, other):
        tab.bring_to_front()
        tab.get_by_role("button", name="Submit answers").click()
        expect(tab).to_have_url(re.compile("/result/$"))
        expect(tab.locator(".score [data-count]")).to_have_text("100")
    paid_once(ash)
