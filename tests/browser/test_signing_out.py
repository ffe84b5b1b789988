"""Signing out: the next person at this browser finds nothing."""

import re

from playwright.sync_api import expect

from accounts.models import User
from learning.models import Lesson
from tests.browser.conftest import Visits


def test_nothing_of_a_person_stays_in_the_browser(visits: Visits, ash: User, gate: Lesson) -> None:
    page = visits.open(ash)
    page.goto("/learn/1/1/2/")
    expect(page.locator("figure.chart .chart-live canvas").first).to_be_visible()
    page.evaluate("localStorage.setItem('a', 'secret'); sessionStorage.setItem('b', 'secret')")
    page.goto("/accounts/logout/")
    page.locator("main form button.primary").click()
    page.wait_for_url("/")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    # The chart's data may be kept for good; it was taken away all the same.
    assert page.evaluate("fetch('/learn/1/1/2/charts/1.json').then((got) => got.redirected)")


def test_going_back_does_not_show_what_was_there(visits: Visits, ash: User) -> None:
    page = visits.open(ash)
    page.goto("/me/")
    expect(page.get_by_label("Name")).to_have_value("Ash")
    page.goto("/accounts/logout/")
    page.locator("main form button.primary").click()
    page.wait_for_url("/")
    page.go_back()
    page.go_back()
    expect(page).to_have_url(re.compile("/accounts/login/"))
