"""Every type of page, dark and light, narrow and wide: accessible, inside its width, silent, light in weight.

PAGES=all runs axe in all four looks instead of two; PICTURES=folder keeps a picture of every page.
"""

import gzip
import os
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser, Page, Request, Response
from pytest_django import DjangoDbBlocker

from tests.browser.conftest import Visits
from tests.browser.measures import AXE, CHARTS_ARE_DRAWN, OVERFLOW, VIOLATIONS
from tests.browser.pages import PAGES, PageType
from tests.browser.world import World, make_world

LOOKS = tuple(product(("light", "dark"), (320, 1280)))
AXE_LOOKS = LOOKS if os.environ.get("PAGES") == "all" else (("light", 320), ("dark", 1280))
KB = 1000
MAX_WEIGHT, MAX_REQUESTS = 120 * KB, 12
MAX_CHART_WEIGHT = 200 * KB

# A transaction that nobody writes in, around each test: the world outlives them all.
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(
    browser: Browser,
    site: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """One site for all pages: they only look at it."""
    folder = tmp_path_factory.mktemp("mail")
    with django_db_blocker.unblock(), override_settings(MAILBOX_PATH=os.fspath(folder)):
        yield make_world(folder, site)
        call_command("flush", interactive=False, verbosity=0)


class Windows:
    """A window for each look and visitor, opened once."""

    def __init__(self, browser: Browser, site: str, world: World) -> None:
        self.visits, self.world = Visits(browser, site), world
        self.pages: dict[tuple[str, int, str], Page] = {}
        self.requests: list[Request] = []

    def of(self, theme: str, width: int, visitor: str) -> Page:
        """This visitor's window, with nothing noted yet."""
        key = (theme, width, visitor)
        if key not in self.pages:
            look: dict[str, Any] = {"color_scheme": theme, "viewport": {"width": width, "height": 800}}
            self.pages[key] = self.visits.open(
                cookie=self.world.cookies.get(visitor), reduced_motion="reduce", **look
            )
            self.pages[key].on("request", self.note)
        self.visits.troubles.clear()
        self.visits.expected.clear()
        self.requests.clear()
        return self.pages[key]

    def note(self, request: Request) -> None:
        self.requests.append(request)


@pytest.fixture(scope="module")
def windows(browser: Browser, site: str, world: World) -> Iterator[Windows]:
    windows = Windows(browser, site, world)
    yield windows
    windows.visits.close()


@pytest.fixture
def mail_is_gone(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """An empty mailbox for the page that shows one."""
    if not request.node.callspec.params["shown"].name.endswith("mailbox-empty"):
        yield
        return
    with override_settings(MAILBOX_PATH=os.fspath(tmp_path)):
        yield


@pytest.mark.parametrize(("theme", "width"), LOOKS)
@pytest.mark.parametrize("shown", PAGES, ids=lambda page: page.name)
def test_a_page_is_accessible_and_quiet(
    windows: Windows, mail_is_gone: None, shown: PageType, theme: str, width: int
) -> None:
    page = windows.of(theme, width, shown.visitor)
    response = arrive(page, windows, shown)
    take_picture(page, f"{shown.name}-{theme}-{width}")
    assert windows.visits.surprises() == []
    if not shown.is_ours:
        return
    assert page.evaluate(OVERFLOW) <= 0, "the page scrolls sideways"
    if shown.name != "components":
        assert page.locator(".btn.primary:visible").count() <= 1, "more than one primary action"
    if (theme, width) in AXE_LOOKS:
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == []
    if not shown.act:
        weigh(windows.requests, response)


def arrive(page: Page, windows: Windows, shown: PageType) -> Response:
    """Go there, do what leads to the state meant, and wait for the charts in view."""
    if shown.status >= 400:
        windows.visits.expect_trouble(str(shown.status))
    response = page.goto(shown.path.format(**windows.world.addresses))
    assert response
    if shown.act:
        shown.act(page)
    else:
        assert response.status == shown.status
    assert ("login" in page.url) == shown.name.startswith("login")
    page.wait_for_function(CHARTS_ARE_DRAWN)
    return response


def weigh(requests: list[Request], document: Response) -> None:
    """The budget for what a first visit loads."""
    addresses = {request.url: request for request in requests}
    weight = len(document.body()) + sum(weight_of(request) for request in addresses.values())
    has_chart = any("lightweight-charts" in address for address in addresses)
    print(f"{document.url}: {len(addresses)} requests, {weight / KB:.0f} kB")
    assert len(addresses) <= MAX_REQUESTS
    assert weight <= (MAX_CHART_WEIGHT if has_chart else MAX_WEIGHT)


def weight_of(request: Request) -> int:
    """Bytes of a static file as production sends it, or of the bars of a chart; 0 for the page itself."""
    if request.resource_type == "fetch":
        response = request.response()
        return len(response.body()) if response else 0
    return static_weight(request.url.partition("/static/")[2])


@cache
def static_weight(path: str) -> int:
    """Compressed, as WhiteNoise keeps it; 0 for what is no static file."""
    found = finders.find(path) if path else None
    return len(gzip.compress(Path(found).read_bytes(), 9)) if found else 0


def take_picture(page: Page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    if not folder:
        return
    pictures = Path(folder)
    pictures.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=pictures / f"{name}.png", full_page=True)
    shown = "".join(
        f'<figure><img src="{one.name}" loading="lazy" height="600"><figcaption>{one.stem}</figure>'
        for one in sorted(pictures.glob("*.png"))
    )
    style = "<style>body{display:flex;flex-wrap:wrap;font:1rem sans-serif}</style>"
    (pictures / "index.html").write_text(f"<!doctype html><title>Pages</title>{style}{shown}")
