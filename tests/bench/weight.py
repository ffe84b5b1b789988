"""What a first visit loads, as a browser with nothing in its cache counts it, in production's settings."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.bench import web
from tests.bench.cast import Member, members
from tests.bench.figures import Figure, at_most
from tests.bench.house import House, using
from tests.bench.pages import pages
from tests.browser.measures import CHARTS_ARE_DRAWN
from tests.browser_setup import launch

TITLE = "Weight of a page in a cold browser, compressed, everything included"
CHART_LIBRARY = "lightweight-charts"
PAGE_KB, CHART_KB, REQUESTS = 120, 200, 12


@dataclass(slots=True)
class Visit:
    """What came over the wire: kilobytes with headers, so many answers, and whether charts came to life."""

    kilobytes: float = 0.0
    answers: int = 0
    charts: bool = False


def measure(house: House) -> list[Figure]:
    with using(house.small):
        member = members(4)[-1]
        asked = {name: page(member).path for name, (page, _) in pages().items()}
    visitors = {"landing page", "sign-in page"}
    with web.serving(house, house.small) as site, sync_playwright() as playwright:
        browser, _ = launch(playwright)
        site.cost([member.get("/dashboard/")], times=8)  # warms up
        visits = {
            name: visit(browser, site.url + path, None if name in visitors else member)
            for name, path in asked.items()
        }
        browser.close()
    return [figure for name, one in visits.items() for figure in figures(name, one)]


def figures(name: str, one: Visit) -> list[Figure]:
    what = f"{name}{', with charts' if one.charts else ''}"
    return [
        at_most(f"{what}: first visit", one.kilobytes, CHART_KB if one.charts else PAGE_KB, "kB"),
        at_most(f"{what}: requests", one.answers, REQUESTS),
    ]


def visit(browser: Browser, address: str, member: Member | None) -> Visit:
    """Open the page in a window that has never been here."""
    seen = Visit()
    context = browser.new_context(extra_http_headers={"X-Forwarded-Proto": "https"})
    if member:
        context.add_cookies([cookie(part, address) for part in member.cookie.split("; ")])
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        seen.kilobytes += event["encodedDataLength"] / 1000
        seen.answers += 1

    def responded(event: dict[str, Any]) -> None:
        seen.charts |= CHART_LIBRARY in event["response"]["url"]

    network.on("Network.loadingFinished", finished)
    network.on("Network.responseReceived", responded)
    response = page.goto(address, wait_until="networkidle")
    if response is None or response.status != 200 or urlsplit(page.url).path != urlsplit(address).path:
        raise RuntimeError(f"{address} led to {page.url}.")
    page.wait_for_function(CHARTS_ARE_DRAWN)
    context.close()
    return seen


def cookie(pair: str, address: str) -> Any:
    """A cookie of the site, which only https may carry; a browser lets loopback do so too."""
    name, _, value = pair.partition("=")
    return {"name": name, "value": value, "domain": urlsplit(address).hostname, "path": "/", "secure": True}
