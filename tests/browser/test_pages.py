"""Every type of page, dark and light, narrow and wide: accessible, inside its width, silent, light.

And somebody follows every link, the workshop's too: nothing is refused, broken, missing or foreign.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Browser

from tests.browser.conftest import Visits
from tests.browser.crawl import Crawl
from tests.browser.looks import Look, looks_of
from tests.browser.measures import AXE, AXE_IS_THERE, OVERFLOW, OVERFLOW_OF_BIG_TEXT, VIOLATIONS
from tests.browser.pages import NOT_PAGES, PAGES, PageType
from tests.browser.pictures import Album, folder
from tests.browser.windows import Windows
from tests.browser.world import World
from tests.figures import note
from tests.site.addresses import addresses
from tests.site.kinds import kind

# A transaction that nobody writes in, around each test: the world outlives them all.
pytestmark = pytest.mark.django_db
CASES = [(shown, look) for number, shown in enumerate(PAGES) for look in looks_of(number)]


VISITORS = ("nobody", "learner", "staff")


@pytest.fixture(scope="module")
def windows(browser: Browser, site: str, world: World) -> Iterator[Windows]:
    windows = Windows(Visits(browser, site), world)
    yield windows
    windows.visits.close()
    windows.tell()


@pytest.fixture(scope="module")
def album() -> Iterator[Album]:
    album = Album(folder())
    yield album
    album.write_index()


@pytest.mark.parametrize(("shown", "look"), CASES, ids=str)
def test_a_page_is_accessible_and_quiet(windows: Windows, album: Album, shown: PageType, look: Look) -> None:
    page = windows.show(shown, look)
    album.keep(page, shown, look)
    assert windows.visits.surprises() == []
    assert page.evaluate(OVERFLOW) <= 0, "the page scrolls sideways"
    if look.width == 1280:
        assert page.evaluate(OVERFLOW_OF_BIG_TEXT) <= 0, "the page scrolls sideways when its letters are big"
    if not page.evaluate(AXE_IS_THERE):
        page.evaluate(AXE)
    assert page.evaluate(VIOLATIONS) == []
    if shown.is_ours:
        weight = windows.weights.get(shown.name)
        assert not (weight and weight.is_too_much), weight
    if shown.is_ours and shown.name != "components":
        assert page.locator(".btn.primary:visible").count() <= 1, "more than one primary action"
    windows.looks += 1


@pytest.fixture
def walking(browser: Browser, site: str) -> Iterator[Visits]:
    visits = Visits(browser, site)
    yield visits
    visits.close()


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_link_leads_somewhere_and_nothing_is_refused(
    walking: Visits, world: World, site: str, visitor: str
) -> None:
    crawl = Crawl(walking.open(cookie=world.cookies.get(visitor), reduced_motion="reduce"), site)
    beginnings = [page.path for page in PAGES if page.visitor == visitor and page.status == 200]
    crawl.note(site + path.format(**world.addresses) for path in ["/", *beginnings])
    crawl.run()
    troubles = walking.troubles
    note("pages that a browser followed the links to", crawl.visited)
    note("violations of the content security policy", sum("CSP: " in one for one in troubles), limit="0")
    note("requests to other sites", sum("foreign: " in one for one in troubles), limit="0")
    assert troubles == []
    assert crawl.visited > 10


def shown_kinds(world: World) -> set[str]:
    """What the pages that are looked at show. Those that go wrong show what goes wrong."""
    paths = [page.path.format(**world.addresses) for page in PAGES if page.status in (200, 422)]
    return {kind(resolve(urlsplit(path).path).view_name) for path in paths}


def only_takes_a_form(world: World, path: str) -> bool:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies["staff"]["value"]
    return client.get(path).status_code == 405


def test_every_address_that_shows_a_page_is_looked_at(world: World) -> None:
    known = shown_kinds(world) | NOT_PAGES.keys()
    missing = [
        f'PageType("{one.name}", "{one.path}", "learner"),'
        for one in addresses()
        if kind(one.name) not in known and not only_takes_a_form(world, one.path)
    ]
    assert missing == [], "add to SECTIONS in tests/browser/pages.py, or to NOT_PAGES with the reason"
    note("types of page that were looked at", len(PAGES))


def test_what_is_no_page_is_still_there_and_is_not_looked_at(world: World) -> None:
    assert NOT_PAGES.keys() <= {one.name for one in addresses()}
    assert not NOT_PAGES.keys() & shown_kinds(world)


def test_every_page_of_what_goes_wrong_is_looked_at() -> None:
    found = {path.stem for path in (settings.BASE_DIR / "templates").glob("[45]*.html")}
    assert len(found) > 8
    assert found <= {page.name for page in PAGES}


def test_no_two_pages_have_one_name() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)
