"""Windows in which pages are looked at one after the other."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, Request

from tests.amounts import FULL
from tests.browser.conftest import Visits
from tests.browser.looks import HEIGHT, Look
from tests.browser.measures import CHARTS_ARE_DRAWN, IS_STILL
from tests.browser.pages import PageType
from tests.browser.weights import KB, MAX_CHART_WEIGHT, MAX_REQUESTS, Weight, weigh
from tests.browser.world import World
from tests.figures import note


@dataclass
class Windows:
    """`weights` is what the pages weigh that have an address, `looks` how many looks found nothing wrong."""

    visits: Visits
    world: World
    pages: dict[str, Page] = field(default_factory=dict)
    shown: PageType | None = None
    requests: list[Request] = field(default_factory=list)
    weights: dict[str, Weight] = field(default_factory=dict)
    looks: int = 0

    def show(self, shown: PageType, look: Look) -> Page:
        """The page in this look. In `make test` a page that is there already only changes its look."""
        is_there = shown is self.shown and not FULL
        page = self.pages[shown.visitor] if is_there else self._window(shown.visitor)
        page.set_viewport_size({"width": look.width, "height": HEIGHT})
        page.emulate_media(color_scheme="dark" if look.theme == "dark" else "light")
        if not is_there:
            self.shown = None
            self._arrive(page, shown)
            self.shown = shown
        page.wait_for_function(CHARTS_ARE_DRAWN)
        page.wait_for_function(IS_STILL)
        return page

    def _window(self, visitor: str) -> Page:
        """One for each visitor; but a stranger in the middle of something begins anew each time."""
        cookie = self.world.cookies.get(visitor)
        if visitor not in self.pages or not (cookie or visitor == "nobody"):
            self.pages[visitor] = self.visits.open(cookie=cookie, reduced_motion="reduce")
            self.pages[visitor].on("request", self._note)
        return self.pages[visitor]

    def _note(self, request: Request) -> None:
        # What a frame shows is a page by itself and weighed as such.
        if request.frame.parent_frame is None:
            self.requests.append(request)

    def _arrive(self, page: Page, shown: PageType) -> None:
        """Go there with nothing noted yet, and do what leads to the state meant."""
        for noted in (self.visits.troubles, self.visits.expected, self.requests):
            noted.clear()
        if shown.status >= 400:
            self.visits.expect_trouble(str(shown.status))
        address = shown.path.format(**self.world.addresses)
        with shown.meanwhile():
            response = page.goto(address)
            assert response
            if shown.act:
                shown.act(page)
                return
        assert response.status == shown.status
        assert ("/login/" in page.url) == ("/login/" in address), "it leads to signing in"
        page.wait_for_function(CHARTS_ARE_DRAWN)
        self.weights[shown.name] = weigh(response, self.requests)

    def tell(self) -> None:
        """The figures, for the page of proof; Django's own pages are not held to our limits."""
        note("looks at a page that axe, the console and the width had nothing against", self.looks)
        ours = {name: weight for name, weight in self.weights.items() if not name.startswith("admin")}
        for limit in sorted({weight.limit for weight in ours.values()}):
            of_it = {name: weight for name, weight in ours.items() if weight.limit == limit}
            name, heaviest = max(of_it.items(), key=lambda pair: pair[1].size)
            kind = "with a chart" if limit == MAX_CHART_WEIGHT else "without a chart"
            size = f"{name}, {heaviest.size / KB:.0f} kB"
            note(f"heaviest page {kind}", size, limit=f"{limit / KB:.0f} kB")
        if ours:
            name, busiest = max(ours.items(), key=lambda pair: pair[1].requests)
            note("most requests of a page", f"{name}, {busiest.requests}", limit=str(MAX_REQUESTS))
