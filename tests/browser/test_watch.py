"""The watch over the pages notices what it should: each kind of trouble, made on purpose."""

import pytest

from tests.browser.conftest import Visits
from tests.browser.measures import AXE, OVERFLOW, OVERFLOW_OF_BIG_TEXT, VIOLATIONS

TROUBLES = {
    "console: my own error": "console.error('my own error')",
    "script: thrown": "new Promise(done => { setTimeout(done, 20); setTimeout(() => { throw 'thrown' }) })",
    "404 ": "fetch('/nowhere.json').then(() => {})",
    "console: CSP: style-src": "document.body.insertAdjacentHTML('beforeend', '<p style=color:red>x</p>')",
    "console: CSP: connect-src": "fetch('https://example.invalid/').catch(() => {})",
}


@pytest.mark.parametrize("noticed", TROUBLES)
def test_trouble_is_noticed(visits: Visits, noticed: str) -> None:
    page = visits.open()
    page.goto("/risk/")
    assert visits.surprises() == []
    page.evaluate(TROUBLES[noticed])
    page.wait_for_function("true")
    assert any(noticed in one for one in visits.surprises()), visits.troubles
    visits.expect_trouble("")


def test_asking_another_site_is_noticed(visits: Visits) -> None:
    page = visits.open(bypass_csp=True)
    page.route("https://example.invalid/*", lambda route: route.fulfill(body=""))
    page.goto("/risk/")
    assert visits.surprises() == []
    with page.expect_request("https://example.invalid/*"):
        page.evaluate("new Image().src = 'https://example.invalid/pixel'")
    assert "foreign: https://example.invalid/pixel" in visits.surprises()
    visits.expect_trouble("")


def test_axe_and_the_width_are_really_measured(visits: Visits) -> None:
    page = visits.open(viewport={"width": 320, "height": 800})
    page.goto("/risk/")
    page.evaluate("""() => {
        const bad = document.createElement("p");
        bad.textContent = "hardly to be read";
        bad.style.color = "rgb(130, 130, 130)";
        bad.style.backgroundColor = "rgb(120, 120, 120)";
        bad.style.width = "900px";
        const small = document.createElement("button");
        small.textContent = "x";
        small.style.cssText = "padding: 0; min-height: 0; width: 9px; height: 9px; font-size: 9px";
        document.querySelector("main").append(bad, small, small.cloneNode(true));
    }""")
    page.evaluate(AXE)
    found = {violation.partition(":")[0] for violation in page.evaluate(VIOLATIONS)}
    assert {"color-contrast", "target-size"} <= found
    assert page.evaluate(OVERFLOW) > 0
    assert page.evaluate(OVERFLOW_OF_BIG_TEXT) > 0
