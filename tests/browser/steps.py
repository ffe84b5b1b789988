"""What a learner does in the browser, step by step."""

import datetime as dt
import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts import outbox
from accounts.models import User
from learning import papers
from learning.models import Attempt

EMAIL = "newcomer@example.org"
PASSWORD = "three-quiet-candles"


def sign_up(page: Page) -> None:
    """From the landing page to the page that asks for the code."""
    page.goto("/")
    page.locator(".hero a.primary").click()
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Enter the code from your email")


def confirm_address(page: Page) -> None:
    """Read the code in the mailbox of this machine and type it in."""
    asking = page.url
    outbox.send_due(now=timezone.now() + dt.timedelta(seconds=1))
    page.get_by_role("link", name="open the mailbox").click()
    page.locator(".mail-list a").first.click()
    code = re.search(
        r"^\s*([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\s*$", page.locator(".letter-body").inner_text(), re.MULTILINE
    )
    assert code
    page.goto(asking)
    page.get_by_role("textbox", name="Code").fill(code[1])
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(re.compile("/me/welcome/$"))


def introduce_oneself(page: Page) -> None:
    """The welcome page, but for the time zone."""
    page.get_by_label("Name").fill("Wren")
    page.get_by_role("radio").first.check()
    page.get_by_role("checkbox", name=re.compile("I accept the terms")).check()
    page.locator("main form button.primary").click()
    expect(page).to_have_url(re.compile("/dashboard/$"))


def read_on(page: Page) -> None:
    """Every block that is left of the lesson, up to the gate."""
    go_on = page.locator("form[data-continue] button")
    while "assessment" not in page.url:
        before = page.url
        go_on.click()
        expect(page).not_to_have_url(before)


def powered(page: Page, form: str) -> None:
    """Wait until htmx looks after the form: it begins a moment after the page has loaded."""
    expect(page.locator(f"{form}[data-htmx-powered]")).to_be_attached()


def open_attempt(user: User) -> Attempt:
    return Attempt.objects.select_related("version").get(user=user, submitted_at=None)


def begin(page: Page, user: User) -> Attempt:
    """From the introduction of the assessment to its questions."""
    with page.expect_event("load"):
        page.get_by_role("button", name="Begin").click()
    return open_attempt(user)


def answer(page: Page, attempt: Attempt, *, mistakes: int = 0, saved: bool = True) -> None:
    """Choose an answer to every question; with scripts each is `saved` by itself."""
    if saved:
        powered(page, "#paper")
    for name, values in papers.filled_in(attempt, mistakes=mistakes).items():
        for value in values:
            if saved:
                with page.expect_response(re.compile("/save/$")):
                    _fill(page, name, value)
            else:
                _fill(page, name, value)


def _fill(page: Page, name: str, value: str) -> None:
    """Choose, tick, pick from a menu or type, whatever the question asks for."""
    field = page.locator(f"[name='{name}']")
    kind = field.first.evaluate("(one) => one.type")
    if kind in ("radio", "checkbox"):
        page.locator(f"input[name='{name}'][value='{value}']").check()
    elif kind == "select-one":
        field.select_option(value)
    else:
        field.fill(value)
        field.blur()


def hand_in(page: Page) -> None:
    page.get_by_role("button", name="Submit answers").click()
    expect(page).to_have_url(re.compile("/result/$"))
