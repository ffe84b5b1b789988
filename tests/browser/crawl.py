"""Follows every link from page to page, as somebody with a browser would."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from django.urls import resolve
from playwright.sync_api import Page

from tests.amounts import FULL
from tests.browser.measures import LINKS
from tests.site.kinds import kind


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
        """Until nothing new is in sight."""
        while self.waiting:
            address = self.waiting.popleft()
            self.page.goto(address)
            self.visited += 1
            links = self.page.evaluate(LINKS)
            # A question asked of an answer to a question would never end.
            self.note(link for link in links if "?" not in address or "?" not in link)
