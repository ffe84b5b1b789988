"""The whole way from the dashboard to the result without ever touching a mouse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from learning.models import Lesson
from tests.browser.conftest import Visits
from tests.browser.steps import powered

# What is focused, whether its focus is marked, and whether anything lies over its middle.
FOCUS = """() => {
    const one = document.activeElement, style = getComputedStyle(one), box = one.getBoundingClientRect();
    const radio = one.matches("input[type='radio'], input[type='checkbox']");
    const mark = radio ? getComputedStyle(one.closest("label")) : style;
    const frame = getComputedStyle(one.closest(".chart-box") ?? one, "::after");
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    return {
        name: one.outerHTML.slice(0, 160),
        marked: parseFloat(frame.borderTopWidth) >= 2
            || [style, mark].some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2),
        covered: Boolean(top) && !one.contains(top) && !top.contains(one),
    };
}"""


@pytest.fixture
def page(visits: Visits, ash: User, gate: Lesson) -> Page:
    page = visits.open(ash, viewport={"width": 1280, "height": 720})
    page.goto("/dashboard/")
    return page


def is_focused(target: Locator) -> bool:
    return bool(target.evaluate("(one) => one === document.activeElement"))


def tab_to(page: Page, target: Locator) -> None:
    """Tab until `target` has the focus; on the way every focus is visible and uncovered."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        assert focus["marked"], f"focus is not to be seen on {focus['name']}"
        assert not focus["covered"], f"something covers {focus['name']}"
        if is_focused(target):
            return
    raise AssertionError(f"Tab never reaches {target}")


def test_the_skip_link_comes_first_and_leads_to_the_content(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_from_the_dashboard_to_the_result_by_keys(page: Page) -> None:
    tab_to(page, page.locator("section.next a.primary"))
    with page.expect_event("load"):
        page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/learn/1/1/1/$"))
    powered(page, "form[data-continue]")
    page.keyboard.press("Enter")  # the player's own key, from anywhere
    expect(page.locator("#step-title")).to_be_focused()
    tab_to(page, page.locator("form[data-continue] button"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/learn/1/1/3/$"))
    expect(page.locator("#step-title")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/assessment/$"))
    tab_to(page, page.get_by_role("button", name="Begin"))
    with page.expect_event("load"):
        page.keyboard.press("Space")
    powered(page, "#paper")
    for number in range(1, 6):
        first = page.locator(f"#question-{number}")
        tab_to(page, first)
        with page.expect_response(re.compile("/save/$")):
            page.keyboard.press("Space" if number % 2 else "3")
    tab_to(page, page.get_by_role("button", name="Submit answers"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/result/$"))
    tab_to(page, page.locator(".result-hero a.primary"))
