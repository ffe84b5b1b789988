"""Every type of page, and how to get there."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect


@dataclass(frozen=True, slots=True)
class PageType:
    """One page. `{name}` in `path` is an address of the world; `act` leads from there to the state meant."""

    name: str
    path: str
    visitor: str = "nobody"
    act: Callable[[Page], None] | None = None
    status: int = 200
    is_ours: bool = True  # the admin is Django's


def submit(page: Page) -> None:
    """The form as it is."""
    page.locator("main form button.primary").click()
    expect(page.locator("#error-summary")).to_be_focused()


def empty_name(page: Page) -> None:
    page.get_by_label("Name").fill("")
    submit(page)


def ask_for_code(page: Page) -> None:
    page.get_by_label("Email").fill("looked-at@example.org")
    page.get_by_label("Password").fill("three-quiet-candles")
    page.locator("main form button.primary").click()
    expect(page.get_by_role("textbox", name="Code")).to_be_visible()


def ask_for_reset(page: Page) -> None:
    page.get_by_label("Email").fill("ember@example.org")
    page.locator("main form button.primary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your email")


PAGES = (
    PageType("landing", "/"),
    PageType("login", "/accounts/login/"),
    PageType("login-errors", "/accounts/login/", act=submit),
    PageType("signup", "/accounts/signup/"),
    PageType("code", "/accounts/signup/", "signing-up", ask_for_code),
    PageType("reset", "/accounts/password/reset/"),
    PageType("reset-sent", "/accounts/password/reset/", "forgetful", ask_for_reset),
    PageType("welcome", "/me/welcome/", "arriving"),
    PageType("welcome-errors", "/me/welcome/", "arriving", submit, 422),
    PageType("dashboard", "/dashboard/", "learner"),
    PageType("dashboard-new", "/dashboard/", "newcomer"),
    PageType("path", "/path/", "learner"),
    PageType("path-locked", "/learn/1/4/", "newcomer"),
    PageType("prose", "{prose}", "learner"),
    PageType("callout", "{callout}", "learner"),
    PageType("chart", "{chart}", "learner"),
    PageType("worked-example", "{worked_example}", "learner"),
    PageType("assessment", "/learn/1/1/assessment/", "learner"),
    PageType("assessment-new", "/learn/1/1/assessment/", "newcomer"),
    PageType("attempt", "{attempt}", "learner"),
    PageType("attempt-errors", "{attempt}", "learner", submit, 422),
    PageType("result-passed", "{passed}", "learner"),
    PageType("result-failed", "{failed}", "learner"),
    PageType("board", "/leaderboards/weekly/", "learner"),
    PageType("board-empty", "/leaderboards/daily/", "learner"),
    PageType("achievements", "/achievements/", "learner"),
    PageType("me", "/me/", "learner"),
    PageType("me-errors", "/me/", "learner", empty_name, 422),
    PageType("email", "/accounts/email/", "learner"),
    PageType("password", "/accounts/password/change/", "learner"),
    PageType("sign-out", "/accounts/logout/", "learner"),
    PageType("terms", "/terms/"),
    PageType("risk", "/risk/", "learner"),
    PageType("licences", "/licences/"),
    PageType("help", "/help/", "learner"),
    PageType("not-found", "/nowhere/", "learner", status=404),
    PageType("mailbox", "/mail/"),
    PageType("mail", "/mail/20250602-100000-1.log/"),
    PageType("mailbox-empty", "/mail/"),
    PageType("components", "/studio/components/", "staff"),
    PageType("admin", "/admin/", "staff", is_ours=False),
    PageType("admin-lesson", "{lesson-admin}", "staff", is_ours=False),
)
