"""A tap on a word opens its definition in place; notes, ratings and reports are saved in place too."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from learning.models import Bookmark, Lesson, Note, Rating, Report
from tests.browser.conftest import Visits
from tests.factories.beside import make_terms, say
from tests.factories.learning import make_gate


@pytest.fixture
def lesson(transactional_db: None) -> Lesson:
    make_terms(spread="The gap between [[bid]] and ask.", bid="What buyers pay.")
    return say(make_gate(1, 1), "The [[spread]] is a cost.", "Second.")


@pytest.fixture
def page(visits: Visits, lesson: Lesson, ash: User) -> Page:
    page = visits.open(ash)
    page.goto("/learn/1/1/1/")
    return page


def test_a_tap_opens_the_definition_and_escape_gives_the_focus_back(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda sent: asked.append(sent.url) if "/glossary/" in sent.url else None)
    word, card = page.locator("a.term", has_text="spread"), page.locator("#term")
    for _ in range(2):
        word.click()
        expect(card).to_contain_text("The gap between")
        expect(card).to_be_focused()
        page.keyboard.press("Escape")
        expect(card).to_be_hidden()
        expect(word).to_be_focused()
    assert len(asked) == 1
    assert page.url.endswith("/learn/1/1/1/")


def test_a_word_in_a_definition_takes_its_place(page: Page) -> None:
    page.locator("a.term").press("Enter")
    page.locator("#term a.term").click()
    expect(page.locator("#term h2")).to_have_text("bid")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("a.term").first).to_be_focused()


def test_without_javascript_the_word_leads_to_its_page(visits: Visits, lesson: Lesson, ash: User) -> None:
    page = visits.open(ash, java_script_enabled=False)
    page.goto("/learn/1/1/1/")
    page.locator("a.term").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("spread")


def test_when_the_definition_cannot_be_had_the_word_leads_to_its_page(page: Page, visits: Visits) -> None:
    visits.expect_trouble("net::ERR_FAILED")
    page.route(
        "**/glossary/**",
        lambda route: route.abort() if route.request.headers.get("hx-request") else route.continue_(),
    )
    page.locator("a.term").click()
    page.wait_for_url("**/glossary/spread/")


def test_everything_beside_a_block_is_saved_in_place(page: Page, ash: User) -> None:
    page.get_by_text("Write a note").click()
    page.get_by_label("Your note").fill("Remember")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    page.locator("#opinion-block summary").click()
    page.get_by_label("4 stars").check(force=True)
    page.get_by_role("button", name="Rate", exact=True).click()
    expect(page.get_by_text("Your rating is kept")).to_be_visible()
    page.get_by_label("What is the problem?").select_option("typo")
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("The staff will read it")).to_be_visible()
    page.get_by_role("button", name="Bookmark").click()
    expect(page.locator(".bookmark-form [aria-pressed=true]")).to_be_focused()
    assert Note.objects.get().text == "Remember"
    assert Rating.objects.get().stars == 4
    assert Report.objects.get().kind == "typo"
    assert Bookmark.objects.filter(user=ash).count() == 1
    assert page.url.endswith("/learn/1/1/1/")


def test_the_keys_of_the_player_still_work_beside_them(page: Page) -> None:
    page.get_by_text("Write a note").click()
    page.get_by_label("Your note").press("Enter")
    expect(page.get_by_role("heading", level=2, name="Part 1")).to_be_visible()
    page.locator("#step-title").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/learn/1/1/2/")
    expect(page.locator("#step-title")).to_be_focused()


def test_without_javascript_everything_is_saved_too(visits: Visits, lesson: Lesson, ash: User) -> None:
    page = visits.open(ash, java_script_enabled=False)
    page.goto("/learn/1/1/1/")
    page.get_by_text("Write a note").click()
    page.get_by_label("Your note").fill("Remember")
    page.get_by_role("button", name="Save note").click()
    page.wait_for_url("**/learn/1/1/1/#note")
    expect(page.get_by_label("Your note")).to_have_value("Remember")
    page.get_by_role("button", name="Bookmark").click()
    expect(page.locator(".bookmark-form [aria-pressed=true]")).to_be_visible()


def test_whoever_was_signed_out_meanwhile_is_asked_to_sign_in(page: Page) -> None:
    page.get_by_text("Write a note").click()
    page.get_by_label("Your note").fill("Remember")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save note").click()
    page.wait_for_url("**/accounts/login/**")
