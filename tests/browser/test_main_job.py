"""The main job in a browser: a stranger signs up, reads the first lesson, passes its gate and is rewarded."""

import re
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User, UserProfile
from gamification import leaderboards
from learning.models import UserProgress
from tests.browser.conftest import Visits
from tests.browser.steps import (
    EMAIL,
    answer,
    begin,
    confirm_address,
    hand_in,
    introduce_oneself,
    read_on,
    sign_up,
)


def newcomer() -> User:
    return User.objects.get(email=EMAIL)


def dashboard_tells_the_reward(page: Page) -> None:
    leaderboards.refresh_steps(at=timezone.now())
    page.goto("/dashboard/")
    expect(page.locator("section:has(#streak-title) .big-number")).to_have_text(re.compile(r"^1\s+day$"))
    expect(page.locator("section:has(#rank-title) .big-number")).to_have_text(re.compile(r"^1\s+of 1$"))
    expect(page.locator(".ledger .amount").filter(has_text="+500 XP")).to_have_count(1)


def test_a_stranger_signs_up_learns_and_is_rewarded(
    visits: Visits, starter_course: None, mailbox: Path
) -> None:
    page = visits.open(timezone_id="America/Bogota", viewport={"width": 390, "height": 800})
    sign_up(page)
    confirm_address(page)
    expect(page.get_by_label("Time zone")).to_have_value("America/Bogota")
    introduce_oneself(page)
    assert UserProfile.objects.get(pk=newcomer().pk).timezone == "America/Bogota"

    page.locator("section.next a.primary").click()
    expect(page).to_have_url(re.compile("/learn/1/1/1/$"))
    read_on(page)
    attempt = begin(page, newcomer())
    answer(page, attempt)
    page.reload()
    count = len(attempt.paper["questions"])
    expect(page.locator("[data-answered] p")).to_have_text(f"{count} of {count} answered")
    hand_in(page)

    expect(page.locator(".score [data-count]")).to_have_text("100")
    expect(page.locator("section:has(#xp-title) .big-number")).to_have_text(re.compile(r"^\+[\d,]{3,5} XP$"))
    expect(page.get_by_text("Streak: 1 day")).to_be_visible()
    dashboard_tells_the_reward(page)


def test_the_same_without_scripts(visits: Visits, starter_course: None, mailbox: Path) -> None:
    page = visits.open(java_script_enabled=False, viewport={"width": 390, "height": 800})
    sign_up(page)
    confirm_address(page)
    introduce_oneself(page)
    page.locator("section.next a.primary").click()
    page.goto("/learn/1/1/4/")
    expect(page.locator("figure.chart .chart-still > svg")).to_be_visible()
    expect(page.locator("figure.chart .chart-live")).to_be_hidden()
    read_on(page)
    answer(page, begin(page, newcomer()), saved=False)
    hand_in(page)
    expect(page.locator(".score [data-count]")).to_have_text("100")
    assert UserProgress.objects.get(user=newcomer()).completed
    dashboard_tells_the_reward(page)
