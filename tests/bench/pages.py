"""Pages against a bare signed-in Django page on the same server, in processor time of web and database."""

from collections.abc import Callable
from contextlib import ExitStack
from statistics import median

from tests.bench import web
from tests.bench.cast import Member, lessons, members
from tests.bench.figures import Figure, at_most, ratio, told
from tests.bench.house import House, using
from tests.bench.load import Request
from tests.bench.web import Cost

TITLE = "Pages against a bare signed-in Django page"
ROUNDS, TIMES, PEOPLE = 7, 120, 24
Page = Callable[[Member], Request]
Costs = dict[str, list[Cost]]


def pages() -> dict[str, tuple[Page, float]]:
    """Each page, how a member asks for it, and how many times a bare page it may cost."""
    course = lessons()
    blocks = [block["type"] for block in course[0].content_data["blocks"]]
    prose, chart = blocks.index("prose") + 1, blocks.index("chart") + 1
    return {
        "landing page": (lambda _: Request("/"), 2),
        "sign-in page": (lambda _: Request("/accounts/login/"), 1),
        "dashboard": (lambda m: m.get("/dashboard/"), 2),
        "path": (lambda m: m.get("/path/"), 2),
        "lesson block, prose": (lambda m: m.get(f"/learn/1/1/{prose}/"), 2),
        "lesson block, chart": (lambda m: m.get(f"/learn/1/1/{chart}/"), 2),
        "assessment paper": (lambda m: m.get(m.paper.get_absolute_url()), 2),
        "result": (lambda m: m.get(m.result.get_absolute_url()), 2),
        "profile": (lambda m: m.get("/me/"), 2),
        "leaderboard, this week": (lambda m: m.get("/leaderboards/weekly/"), 2),
        "leaderboard, all time": (lambda m: m.get("/leaderboards/all_time/"), 2),
    }


def measure(house: House) -> list[Figure]:
    """Every page in every round, so that what drifts drifts for all of them."""
    with ExitStack() as stack:
        bare, bare_page = stack.enter_context(web.serving_bare(house))
        costs: Costs = {"bare": []}
        asked = [(bare, "bare", [bare_page])]
        for database in dict.fromkeys((house.large, house.small)):
            site = stack.enter_context(web.serving(house, database))
            with using(database):
                people = members(PEOPLE)
                for name, (page, _) in pages().items():
                    if database == house.large or name.startswith("leaderboard"):
                        label = name if database == house.large else f"{name}, small"
                        asked.append((site, label, [page(member) for member in people]))
        for number in range(ROUNDS + 1):
            for site, name, requests in asked:
                cost = site.cost(requests, times=TIMES)
                if number:  # the first round only warms up
                    costs.setdefault(name, []).append(cost)
        return figures(costs, house.learners)


def figures(costs: Costs, learners: int) -> list[Figure]:
    """Quotients with the bare page first, then what they are made of."""
    bare = [cost.total for cost in costs["bare"]]
    totals = {name: [cost.total for cost in found] for name, found in costs.items()}
    limits = {name: limit for name, (_, limit) in pages().items()}
    first = [
        at_most(f"{name}: processor time against the bare page", ratio(totals[name], bare), limit, "×")
        for name, limit in limits.items()
    ]
    flat = [
        at_most(f"{name}: {learners:,} learners against few", ratio(totals[name], found), 1.25, "×")
        for label, found in totals.items()
        if label.endswith(", small") and (name := label.removesuffix(", small"))
    ]
    return [*first, *flat, *(whole(name, found) for name, found in costs.items())]


def whole(name: str, costs: list[Cost]) -> Figure:
    """What a page takes on this machine."""
    web_ms, database_ms = median(cost.web for cost in costs), median(cost.database for cost in costs)
    pace = median(cost.seen.per_second for cost in costs)
    slowest = median(cost.seen.percentile(95) for cost in costs)
    parts = (
        f"web {web_ms:.1f}, database {database_ms:.1f}; {pace:.0f} a second, 95 of 100 in {slowest:.0f} ms"
    )
    return told(f"{name}: processor time ({parts})", web_ms + database_ms, "ms")
