"""Dark or light: chosen by a button, kept by the server, never a flash of the other one."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visits


def sent_theme(page: Page) -> str:
    """The theme in the page as the server sent it, before any script ran."""
    response = page.goto("/")
    assert response
    sent = re.search(r'<html[^>]*data-theme="(\w+)"', response.text())
    assert sent
    return sent[1]


@pytest.mark.parametrize(("theme", "system"), [("dark", "light"), ("light", "dark")])
def test_a_chosen_theme_is_there_at_once_and_the_server_keeps_it(
    visits: Visits, theme: str, system: str
) -> None:
    page = visits.open(color_scheme=system)
    assert sent_theme(page) == "system"
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    button = page.get_by_role("button", name=theme.title())
    with page.expect_response(re.compile("/theme/$")):
        button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    after = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert after != before
    assert sent_theme(page) == theme
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == after
    expect(button).to_have_attribute("aria-pressed", "true")


def test_without_scripts_the_button_reloads_the_same_page_in_the_chosen_theme(visits: Visits) -> None:
    page = visits.open(java_script_enabled=False)
    page.goto("/risk/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page).to_have_url(re.compile("/risk/$"))
