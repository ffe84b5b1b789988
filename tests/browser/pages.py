"""Every type of page, and how to get there.

A page that is new gets a line here; a test says so for each address that shows one and has none.
"""

from contextlib import nullcontext
from dataclasses import dataclass

from tests.browser.states import (
    Act,
    Meanwhile,
    ask_for_code,
    ask_for_reset,
    broken,
    change_note,
    empty_name,
    empty_report,
    no_mail,
    one_try,
    own_files,
    send_twice,
    send_without_token,
    submit,
    upload_a_course,
    without_database,
    without_room,
)


@dataclass(frozen=True, slots=True)
class PageType:
    """One page. `{name}` in `path` is an address of the world; `act` leads from there to the state meant.

    `meanwhile` is how the site is for as long as the page is looked at.
    """

    name: str
    path: str
    visitor: str = "nobody"
    act: Act | None = None
    status: int = 200
    meanwhile: Meanwhile = nullcontext
    is_ours: bool = True  # the admin is Django's

    def __str__(self) -> str:
        return self.name


SECTIONS = {
    "For everybody": (
        PageType("landing", "/"),
        PageType("terms", "/terms/"),
        PageType("risk", "/risk/", "learner"),
        PageType("licences", "/licences/"),
        PageType("help", "/help/", "learner"),
        PageType("mailbox", "/mail/"),
        PageType("mail", "/mail/20250602-100000-1.log/"),
        PageType("mailbox-empty", "/mail/", meanwhile=no_mail),
    ),
    "Coming in": (
        PageType("login", "/accounts/login/"),
        PageType("login-errors", "/accounts/login/", act=submit),
        PageType("signup", "/accounts/signup/"),
        PageType("code", "/accounts/signup/", "signing-up", ask_for_code),
        PageType("reset", "/accounts/password/reset/"),
        PageType("reset-sent", "/accounts/password/reset/", "forgetful", ask_for_reset),
        PageType("reset-sent-again", "/accounts/password/reset/done/"),
        PageType("reset-key", "{reset-key}", "forgetful"),
        PageType("reset-key-old", "/accounts/password/reset/key/1-old/"),
        PageType("reset-done", "/accounts/password/reset/key/done/"),
        PageType("closed", "/accounts/inactive/"),
        PageType("welcome", "/me/welcome/", "arriving"),
        PageType("welcome-errors", "/me/welcome/", "arriving", submit, 422),
    ),
    "Learning": (
        PageType("glossary", "/glossary/"),
        PageType("glossary-search", "/glossary/?q=stop", "learner"),
        PageType("glossary-nothing", "/glossary/?q=zebra", "learner"),
        PageType("term", "/glossary/stop-loss/", "learner"),
        PageType("term-visitor", "/glossary/expectancy/"),
        PageType("search", "/search/?q=stop", "learner"),
        PageType("search-empty", "/search/", "learner"),
        PageType("search-nothing", "/search/?q=drawdwon", "learner"),
        PageType("notes", "/notes/", "learner"),
        PageType("notes-empty", "/notes/", "newcomer"),
        PageType("notes-nothing", "/notes/?q=zebra", "learner"),
        PageType("reports", "/reports/", "learner"),
        PageType("reports-empty", "/reports/", "newcomer"),
        PageType("noted", "{noted}", "learner"),
        PageType("note-changed", "{noted}", "learner", change_note, 422),
        PageType("report-errors", "{noted}", "learner", empty_report, 422),
        PageType("dashboard", "/dashboard/", "learner"),
        PageType("dashboard-new", "/dashboard/", "newcomer"),
        PageType("path", "/path/", "learner"),
        PageType("insights", "/path/insights/", "learner"),
        PageType("insights-empty", "/path/insights/", "newcomer"),
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
    ),
    "Oneself and others": (
        PageType("board", "/leaderboards/weekly/", "learner"),
        PageType("board-empty", "/leaderboards/daily/", "learner"),
        PageType("achievements", "/achievements/", "learner"),
        PageType("me", "/me/", "learner"),
        PageType("me-errors", "/me/", "learner", empty_name, 422),
        PageType("email", "/accounts/email/", "learner"),
        PageType("password", "/accounts/password/change/", "learner"),
        PageType("reauthenticate", "/accounts/reauthenticate/", "learner"),
        PageType("sign-out", "/accounts/logout/", "learner"),
    ),
    "What goes wrong": (
        PageType("400", "/dashboard/?x=%00", "learner", status=400),
        PageType("403", "/admin/login/", "learner", status=403),
        PageType("403_csrf", "/accounts/login/", act=send_without_token, status=403),
        PageType("404", "/nowhere/", "learner", status=404),
        PageType("404-stranger", "/nowhere/", status=404),
        PageType("405", "/learn/1/1/assessment/begin/", "learner", status=405),
        PageType("429", "/accounts/login/", act=send_twice, status=429, meanwhile=one_try),
        PageType("500", "/dashboard/", "learner", status=500, meanwhile=broken),
        PageType("503", "/dashboard/", "learner", status=503, meanwhile=without_database),
        PageType("507", "/dashboard/", "learner", status=507, meanwhile=without_room),
    ),
    "The workshop": (
        PageType("components", "/studio/components/", "staff"),
        PageType("admin", "/admin/", "staff", is_ours=False),
        PageType("admin-app", "/admin/learning/", "staff", is_ours=False),
        PageType("admin-list", "/admin/learning/attempt/", "staff", is_ours=False),
        PageType("admin-add", "/admin/learning/lesson/add/", "staff", is_ours=False),
        PageType("admin-change", "{admin-change}", "staff", is_ours=False),
        PageType("admin-dataset", "/admin/learning/dataset/sp500-daily/change/", "staff", is_ours=False),
        PageType("admin-dataset-add", "/admin/learning/dataset/add/", "staff", is_ours=False),
        PageType("admin-dataset-made-up", "/admin/learning/dataset/generate/", "staff", is_ours=False),
        PageType("admin-dataset-kept", "/admin/learning/dataset/sp500-daily/delete/", "staff", is_ours=False),
        PageType("admin-figure", "{admin-figure}", "staff", is_ours=False),
        PageType("admin-workshop", "{admin-workshop}", "staff", is_ours=False),
        PageType("admin-workshop-block", "{admin-workshop-block}", "staff", is_ours=False),
        PageType("admin-workshop-question", "{admin-workshop-question}", "staff", is_ours=False),
        PageType("admin-workshop-policy", "{admin-workshop}policy/", "staff", is_ours=False),
        PageType("admin-history", "{admin-history}", "staff", is_ours=False),
        PageType("admin-delete", "{admin-delete}", "staff", is_ours=False),
        PageType("admin-gates", "/admin/learning/lesson/", "staff", is_ours=False),
        PageType("admin-preview", "{admin-preview}", "staff", is_ours=False),
        PageType("admin-preview-block", "{admin-preview}blocks/3/", "staff"),
        PageType("admin-preview-paper", "{admin-preview}assessment/", "staff"),
        PageType("admin-preview-result", "{admin-preview}assessment/?answered=wrong", "staff"),
        PageType("admin-publish", "{admin-publish}", "staff", is_ours=False),
        PageType("admin-versions", "{admin-versions}", "staff", is_ours=False),
        PageType("admin-version", "{admin-versions}1/", "staff", is_ours=False),
        PageType("admin-difference", "{admin-difference}", "staff", is_ours=False),
        PageType("admin-course", "/admin/learning/lesson/course/upload/", "staff", is_ours=False),
        PageType(
            "admin-course-difference",
            "/admin/learning/lesson/course/upload/",
            "staff",
            upload_a_course,
            meanwhile=own_files,
            is_ours=False,
        ),
        PageType("admin-past-results", "{admin-past-results}", "staff", is_ours=False),
        PageType("admin-regrade", "{admin-past-results}regrade/", "staff", is_ours=False),
        PageType("admin-void", "{admin-void}", "staff", is_ours=False),
        PageType("admin-person", "{admin-person}", "staff", is_ours=False),
        PageType("admin-person-password", "{admin-person-password}", "staff", is_ours=False),
        PageType("admin-password-done", "/admin/password_change/done/", "staff", is_ours=False),
    ),
}
PAGES = tuple(page for pages in SECTIONS.values() for page in pages)
# Addresses without a page type, and why.
NOT_PAGES = {
    "account_confirm_login_code": "leads to signing in unless a code was asked for",
    "account_email_verification_sent": "asks for the code: the page that signing up leads to",
    "account_set_password": "leads to changing it: everybody here has one",
    "admin:login": "leads to the page of signing in",
    "admin:password_change": "leads to changing it, as for everybody",
    "admin:autocomplete": "data",
    "admin:jsi18n": "a script",
    "admin:learning_course_download": "a zip",
    "admin:learning_lesson_shown": "a part of the form's page",
    "admin:learning_lesson_preview_block_chart": "data",
    "admin:learning_lesson_preview_question_chart": "data",
    "admin:learning_lesson_restore": "leads back to the versions",
    "admin:view_on_site": "leads to the page of a thing",
    "learning:attempt-chart": "data",
    "learning:bookmark": "leads back to where it was pressed",
    "learning:rate-block": "leads back to the block",
    "learning:rate-question": "leads back to the result",
    "learning:note": "leads back to the block; its errors stand there too",
    "learning:report-block": "leads back to the block; its errors stand there too",
    "learning:report-question": "the page of a report about a block",
    "learning:block-chart": "data",
    "learning:check": "leads back to the block",
    "learning:reflect": "leads back to the block",
    "learning:figure": "a picture",
    "learning:continue": "leads back to the block",
}
