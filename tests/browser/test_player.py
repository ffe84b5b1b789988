"""The lesson player and the paper: swapped steps, keys, saved answers, a left-out question."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from learning.models import Lesson
from learning.publishing import publish
from tests.browser.conftest import Visits
from tests.browser.steps import answer, begin, hand_in, open_attempt, powered, read_on
from tests.factories.questions import chart_point, chart_price


@pytest.fixture
def page(visits: Visits, ash: User, gate: Lesson) -> Page:
    """Ash's browser; gate 1.1 of the small course is open."""
    return visits.open(ash)


def questions(page: Page) -> Page:
    """Straight to the paper."""
    page.goto("/learn/1/1/assessment/")
    with page.expect_event("load"):
        page.get_by_role("button", name="Begin").click()
    powered(page, "#paper")
    return page


def test_continue_swaps_the_step_moves_focus_to_its_heading_and_can_be_undone(page: Page) -> None:
    page.goto("/learn/1/1/1/")
    page.evaluate("window.still = true")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_url(re.compile("/learn/1/1/2/$"))
    expect(page.locator("#step-title")).to_have_text("A chart")
    expect(page.locator("#step-title")).to_be_focused()
    expect(page).to_have_title(re.compile("^A chart · Gate 1.1"))
    assert page.evaluate("window.still"), "the whole page was loaded anew"
    page.go_back()
    expect(page).to_have_url(re.compile("/learn/1/1/1/$"))
    expect(page.locator("#step-title")).to_have_text("Part 1")


def test_a_chart_is_drawn_and_read_bar_by_bar_with_the_arrow_keys(page: Page) -> None:
    page.goto("/learn/1/1/2/")
    chart = page.locator("figure.chart")
    expect(chart.locator(".chart-live canvas").first).to_be_visible()
    expect(chart.locator(".chart-still")).to_be_hidden()
    chart.locator(".chart-live").focus()
    page.keyboard.press("End")
    expect(chart.locator("[data-chart-live]")).to_have_text(re.compile(r"^14 January 2024: open 113"))
    page.keyboard.press("ArrowLeft")
    expect(chart.locator("[data-chart-live]")).to_have_text(re.compile(r"^13 January 2024: "))


def test_a_chart_swapped_in_is_drawn_as_well(page: Page) -> None:
    page.goto("/learn/1/1/1/")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("figure.chart .chart-live canvas").first).to_be_visible()


def test_an_answer_is_saved_by_itself_and_counted(page: Page) -> None:
    questions(page)
    expect(page.locator("[data-answered] b")).to_have_text("0")
    with page.expect_response(re.compile("/save/$")) as saved:
        page.locator("fieldset.question input").first.check()
    assert saved.value.status == 204
    expect(page.locator("[data-answered] b")).to_have_text("1")
    page.reload()
    expect(page.locator("fieldset.question input").first).to_be_checked()
    expect(page.locator("[data-answered] b")).to_have_text("1")


def test_a_left_out_question_is_named_linked_and_nothing_is_lost(visits: Visits, page: Page) -> None:
    visits.expect_trouble("422")
    questions(page)
    second = page.locator("fieldset.question").nth(1)
    with page.expect_response(re.compile("/save/$")):
        second.get_by_role("radio").nth(1).check()
    page.get_by_role("button", name="Submit answers").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(summary.get_by_role("link")).to_have_count(4)
    expect(second.get_by_role("radio").nth(1)).to_be_checked()
    summary.get_by_role("link").nth(1).click()
    third = page.locator("fieldset.question").nth(2)
    expect(third.get_by_role("radio").first).to_be_focused()
    expect(third).to_be_in_viewport()
    expect(third.locator(".error-text")).to_have_text("Error: Question 3: choose an answer")


def test_number_keys_choose_and_can_be_switched_off(page: Page) -> None:
    questions(page)
    radios = page.locator("fieldset.question").first.get_by_role("radio")
    with page.expect_response(re.compile("/save/$")):
        page.keyboard.press("2")
    expect(radios.nth(1)).to_be_checked()
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("3")
    expect(radios.nth(1)).to_be_checked()
    page.keyboard.press("?")
    expect(page.get_by_label("Use these keys")).not_to_be_checked()


def test_a_failed_gate_says_what_was_right_and_offers_another_try(page: Page, ash: User) -> None:
    questions(page)
    answer(page, open_attempt(ash), mistakes=3)
    hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Not yet")
    expect(page.locator(".score [data-count]")).to_have_text("40")
    expect(page.locator(".feedback.wrong details[open]")).to_have_count(3)
    page.locator(".result-hero a[href$='/learn/1/1/assessment/']").click()
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_the_lesson_is_read_from_the_path_to_the_result(page: Page, ash: User) -> None:
    page.goto("/path/")
    page.locator(".gate.current a.primary").click()
    read_on(page)
    answer(page, begin(page, ash))
    hand_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Gate passed, every answer right")


def test_a_place_on_a_chart_is_answered_by_pointing_at_it(visits: Visits, ash: User, gate: Lesson) -> None:
    """The menu of bars and the field for a price take what is pointed at; both can be used without."""
    written = {"pass_score": 80, "questions": [chart_point(1), chart_price(2)]}
    publish(gate, content_data=gate.content_data, assessment_data=written)
    page = questions(visits.open(ash))
    for kind in ("[data-point-time]", "[data-point-price]"):
        asked = page.locator("fieldset.question", has=page.locator(kind))
        asked.scroll_into_view_if_needed()  # a chart is drawn when it comes into sight
        canvas = asked.locator(".chart-live canvas").first
        expect(canvas).to_be_visible()
        box = canvas.bounding_box()
        assert box
        with page.expect_response(re.compile("/save/$")):
            page.mouse.click(box["x"] + box["width"] * 0.35, box["y"] + box["height"] * 0.5)
        chosen = asked.locator(kind).input_value()
        assert chosen, "pointing at the chart answers nothing"
        if kind == "[data-point-price]":
            assert 98 <= float(chosen) <= 120
    expect(page.locator("[data-answered] b")).to_have_text("2")
