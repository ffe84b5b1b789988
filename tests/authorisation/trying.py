"""One question put to the site over HTTP: what is met, and which rows were touched meanwhile."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlencode

from django.core.cache import cache
from django.http import HttpResponseBase
from django.test import Client

from tests.authorisation.cast import World
from tests.authorisation.cells import Cell
from tests.authorisation.objects import values_of
from tests.authorisation.payloads import form_of
from tests.database.rows import rows, run, undone

FORM = "application/x-www-form-urlencoded"
# PostgreSQL's own count for this transaction: a trigger's rows are in it, and rows that were undone.
TOUCHED = """
    SELECT relname, touched FROM (
        SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
            + pg_stat_get_xact_tuples_deleted(oid) AS touched
        FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    ) AS counted WHERE touched > 0
"""
WITHOUT_ROW_POLICIES = """
    DO $$ DECLARE secured regclass; BEGIN
        FOR secured IN SELECT oid FROM pg_class WHERE relrowsecurity LOOP
            EXECUTE format('ALTER TABLE %%s DISABLE ROW LEVEL SECURITY', secured);
        END LOOP;
    END $$
"""
# What differs from one answer to the next though the page is the same.
PASSING = re.compile(rb'(csrfmiddlewaretoken" value="|nonce=")[^"]+')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `outcome` in the policy's words, `touched` rows by table."""

    outcome: str
    touched: dict[str, int]
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def without(self, *values: object) -> tuple[int, str, bytes]:
        """The answer with these words, and all that changes from answer to answer, taken out."""
        headers, body = repr(sorted(self.headers.items())), PASSING.sub(rb"\1", self.body)
        for value in map(str, values):
            headers, body = headers.replace(value, ""), body.replace(value.encode(), b"")
        return self.status, headers, body


class Trial:
    """Asks the site, in a savepoint that is rolled back: no question leaves anything to the next."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.browsers = {False: Client(), True: Client(enforce_csrf_checks=True)}
        self.counted = rows_touched()

    def values(self, cell: Cell) -> dict[str, Any] | None:
        """The parts of the cell's address; None where this role has no such thing."""
        return values_of(cell.route, cell.case, self.world, cell.role)

    def answer(self, cell: Cell, values: dict[str, Any], **more: bool) -> Answer:
        """What the cell's role meets at its address."""
        path, form = cell.route.path(values), form_of(cell.route, values, self.world)
        return self.ask(path, role=cell.role, method=cell.method, htmx=cell.htmx, form=form, **more)

    def ask(
        self,
        path: str,
        *,
        role: str,
        method: str = "GET",
        form: dict[str, Any] | None = None,
        htmx: bool = False,
        check_token: bool = False,
    ) -> Answer:
        """What `role` meets at `path`; with `check_token` a form has to bring the token of its page."""
        browser = self._browser(role, check_token=check_token)
        body = urlencode(form or {}, doseq=True) if method not in ("GET", "HEAD") else ""
        headers = {"HX-Request": "true"} if htmx else {}
        with undone():
            try:
                response = browser.generic(method, path, body, FORM, headers=headers)
            except Exception as error:  # a fault is an answer too, and never the right one
                return Answer(f"fault, {type(error).__name__}: {error}", self._touched())
            return _answer(path, response, self._touched())

    def _touched(self) -> dict[str, int]:
        """Rows by table since the last question; what is undone stays counted, so nothing is asked twice."""
        before, self.counted = self.counted, rows_touched()
        grown = {table: n - before.get(table, 0) for table, n in self.counted.items()}
        return {table: n for table, n in grown.items() if n}

    def _browser(self, role: str, *, check_token: bool) -> Client:
        """A browser that knows nothing but who is signed in."""
        browser = self.browsers[check_token]
        browser.cookies.clear()
        if role in self.world.sessions:
            browser.cookies["sessionid"] = self.world.sessions[role]
        cache.clear()
        return browser


def _answer(path: str, response: Any, touched: dict[str, int]) -> Answer:
    headers = {name: text for name, text in response.headers.items() if name != "X-Request-ID"}
    body = response.getvalue() if response.streaming else response.content
    return Answer(_outcome(path, response), touched, response.status_code, headers, body)


def _outcome(path: str, response: HttpResponseBase) -> str:
    """The answer in the policy's words."""
    if response.status_code >= 400 and response.status_code != 422:
        return str(response.status_code)
    place, _, wanted = response.headers.get("Location", "").partition("?next=")
    if place in ("/accounts/login/", "/admin/login/") and unquote(wanted) == path:
        return "sign in"
    known = {"/me/welcome/": "welcome", "/path/": "locked", "/admin/": "front"}
    return known.get(place.partition("#")[0], "in")


def rows_touched() -> dict[str, int]:
    """How many rows of each table this transaction has inserted, updated and deleted so far."""
    return dict(rows(TOUCHED))


@contextmanager
def without_row_policies() -> Iterator[None]:
    """The code above the database has to see to it alone who reads what."""
    with undone():
        run(WITHOUT_ROW_POLICIES)
        yield
