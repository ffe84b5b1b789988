"""What a first visit to a page loads, and how much that may be."""

import gzip
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from playwright.sync_api import Request, Response

KB = 1000
MAX_WEIGHT, MAX_CHART_WEIGHT, MAX_REQUESTS = 120 * KB, 200 * KB, 12


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes as production sends them, but for the page itself, which is not compressed here."""

    requests: int
    size: int
    limit: int

    @property
    def is_too_much(self) -> bool:
        return self.requests > MAX_REQUESTS or self.size > self.limit

    def __str__(self) -> str:
        return f"{self.requests} requests, {self.size / KB:.0f} kB"


def weigh(document: Response, requests: list[Request]) -> Weight:
    """The document and all that it asked for."""
    addresses = {request.url: request for request in requests}
    size = len(document.body()) + sum(map(_size, addresses.values()))
    # Also one whose charts wait behind a summary: their pictures and tables are in the page.
    has_chart = b"data-chart" in document.body()
    return Weight(len(addresses), size, MAX_CHART_WEIGHT if has_chart else MAX_WEIGHT)


def _size(request: Request) -> int:
    """Bytes of a static file as production sends it, or of the bars of a chart; 0 for the page itself."""
    if request.resource_type == "fetch":
        # Not the body: the browser forgets that of a page which was left while it came.
        is_whole = request.response() and not request.failure
        return request.sizes()["responseBodySize"] if is_whole else 0
    return _static_size(request.url.partition("/static/")[2])


@cache
def _static_size(path: str) -> int:
    """Compressed, as WhiteNoise keeps it; 0 for what is no static file."""
    found = finders.find(path) if path else None
    return len(gzip.compress(Path(found).read_bytes(), 9)) if found else 0
