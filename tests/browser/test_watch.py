"""The watch over the pages notices what it should: each kind of trouble, made on purpose."""

import pytest

from tests.browser.conftest import Visits
from tests.browser.measures import AXE, OVERFLOW, VIOLATIONS

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


def test_axe_and_the_width_are_really_measured(visits: Visits) -> None:
    page = visits.open(viewport={"width": 320, "height": 800})
    page.goto("/risk/")
    page.evaluate("""() => {
        const bad = document.createElement("p");
        bad.textContent = "hardly to be read";
        bad.style.color = "rgb(130, 130, 130)";
        bad.style.backgroundColor = "rgb(120, 120, 120)";
        bad.style.width = "900px";
        document.querySelector("main").append(bad);
    }""")
    page.evaluate(AXE)
    assert any(found.startswith("color-contrast") for found in page.evaluate(VIOLATIONS))
    assert page.evaluate(OVERFLOW) > 0
