"""Web servers and ways to keep connections, compared on the bare page and on the dashboard."""

import importlib.util
import threading
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from tests.bench import web
from tests.bench.bare.urls import PATIENCE
from tests.bench.cast import members
from tests.bench.figures import Figure, ratio, told
from tests.bench.house import House, using
from tests.bench.load import Request, ask
from tests.bench.web import Cost, granian, gunicorn

TITLE = "Web servers compared, 16 connections"
ROUNDS, TIMES, CONNECTIONS, PEOPLE = 3, 320, 16, 16


class Way(NamedTuple):
    """A way to run the site."""

    name: str
    command: str
    environment: dict[str, str]


CHOSEN = Way("granian 2 × 2 (chosen)", granian(2, 2), {})
WAYS = (
    CHOSEN,
    Way("granian 2 × 4", granian(2, 4), {}),
    Way("granian 1 × 4", granian(1, 4), {}),
    Way("granian 2 × 1", granian(2, 1), {}),
    Way("granian 2 × 2, a connection for each request", granian(2, 2), {"CONN_MAX_AGE": "0"}),
    Way("granian 2 × 2, psycopg's pool", granian(2, 2), {"BENCH_POOL": "1"}),
    Way("gunicorn sync 2", gunicorn("sync", 2), {}),
    Way("gunicorn gthread 2 × 2, keep-alive", gunicorn("gthread", 2, 2), {}),
)


def measure(house: House) -> list[Figure]:
    with using(house.small):
        dashboard = [member.get("/dashboard/") for member in members(PEOPLE)]
    found = []
    for way in ways():
        found += compared(house, way, dashboard)
    return found


def ways() -> list[Way]:
    """Those that can be tried here: gunicorn is no requirement of the site."""
    has_gunicorn = importlib.util.find_spec("gunicorn") is not None
    return [way for way in WAYS if has_gunicorn or not way.command.startswith("gunicorn")]


def compared(house: House, way: Way, dashboard: Sequence[Request]) -> list[Figure]:
    """One way beside the chosen one, started anew and asked in turn."""
    with (
        web.serving_bare(house, CHOSEN.command) as (bare, page),
        web.serving_bare(house, way.command, **way.environment) as (other_bare, other_page),
        web.serving(house, house.small, command=CHOSEN.command) as site,
        web.serving(house, house.small, command=way.command, **way.environment) as other_site,
    ):
        return [
            *figures(f"{way.name}, bare page", in_turn((bare, [page]), (other_bare, [other_page]))),
            *figures(f"{way.name}, dashboard", in_turn((site, dashboard), (other_site, dashboard))),
            told(
                f"{way.name}: of the bare page's pace beside one slow call",
                beside_slow(other_bare, other_page),
                "×",
            ),
        ]


def in_turn(*asked: tuple[web.Web, Sequence[Request]]) -> list[list[Cost]]:
    """Costs of each server, round by round; the first round only warms up."""
    found: list[list[Cost]] = [[] for _ in asked]
    for number in range(ROUNDS + 1):
        for costs, (server, requests) in zip(found, asked, strict=True):
            cost = server.cost(requests, times=TIMES, connections=CONNECTIONS)
            if number:
                costs.append(cost)
    return found


def figures(name: str, costs: list[list[Cost]]) -> list[Figure]:
    chosen, other = costs
    pace = ratio([c.seen.per_second for c in other], [c.seen.per_second for c in chosen])
    return [
        told(f"{name}: processor time against the chosen way", ratio(totals(other), totals(chosen)), "×"),
        told(f"{name}: requests a second against the chosen way", pace, "×"),
        told(f"{name}: 95 of 100 answered within", median(cost.seen.percentile(95) for cost in other), "ms"),
    ]


def totals(costs: Sequence[Cost]) -> list[float]:
    return [cost.total for cost in costs]


def beside_slow(server: web.Web, page: Request) -> float:
    """The pace of the page while one call waits for somebody else, against its pace alone."""
    alone = ask(server.url, [page], times=TIMES, connections=CONNECTIONS).per_second
    slow = Request("/slow/", page.cookie)
    calls = threading.Thread(target=ask, args=(server.url, [slow]), kwargs={"times": 2, "connections": 1})
    calls.start()
    beside = ask(server.url, [page], times=round(alone * PATIENCE), connections=CONNECTIONS).per_second
    calls.join()
    return beside / alone
