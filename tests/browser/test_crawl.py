"""Somebody follows every link, the workshop's too: nothing is refused, broken, missing or foreign."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import resolve
from playwright.sync_api import Browser, Page

from tests.amounts import FULL
from tests.browser.conftest import Visits
from tests.browser.measures import LINKS
from tests.browser.pages import PAGES
from tests.browser.world import World
from tests.figures import note
from tests.site.kinds import kind

pytestmark = pytest.mark.django_db
VISITORS = ("nobody", "learner", "staff")
TROUBLES = {"violations of the content security policy": "CSP: ", "requests to other sites": "foreign: "}


def place(address: str) -> tuple[object, ...]:
    """What counts as one place: of a list's many orders and filters one for each question in the address.

    In `make test` one address stands for all of its kind.
    """
    parts = urlsplit(address)
    asked = frozenset(name for name, _ in parse_qsl(parts.query))
    return (parts.path, asked) if FULL else (kind(resolve(parts.path).view_name),)


@dataclass
class Crawl:
    """Goes from page to page."""

    page: Page
    site: str
    seen: set[tuple[object, ...]] = field(default_factory=set)
    waiting: deque[str] = field(default_factory=deque)
    visited: int = 0

    def note(self, addresses: Iterable[str]) -> None:
        """Places of this site where nobody has been yet."""
        for address in addresses:
            whole = address.partition("#")[0]
            if whole.startswith(f"{self.site}/") and (where := place(whole)) not in self.seen:
                self.seen.add(where)
                self.waiting.append(whole)

    def run(self) -> None:
        while self.waiting:
            address = self.waiting.popleft()
            self.page.goto(address)
            self.visited += 1
            links = self.page.evaluate(LINKS)
            # A question asked of an answer to a question would never end.
            self.note(link for link in links if "?" not in address or "?" not in link)


@pytest.fixture
def visits(browser: Browser, site: str) -> Iterator[Visits]:
    visits = Visits(browser, site)
    yield visits
    visits.close()


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_link_leads_somewhere_and_nothing_is_refused(
    visits: Visits, world: World, site: str, visitor: str
) -> None:
    crawl = Crawl(visits.open(cookie=world.cookies.get(visitor), reduced_motion="reduce"), site)
    beginnings = [page.path for page in PAGES if page.visitor == visitor and page.status == 200]
    crawl.note(site + path.format(**world.addresses) for path in ["/", *beginnings])
    crawl.run()
    note("pages that a browser followed the links to", crawl.visited)
    note(
        "violations of the content security policy", sum("CSP: " in one for one in visits.troubles), limit="0"
    )
    note("requests to other sites", sum("foreign: " in one for one in visits.troubles), limit="0")
    assert visits.troubles == []
    assert crawl.visited > 10
