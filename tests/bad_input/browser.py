"""A quick browser of sorts: sends what no browser would, judges every answer, and forgets what it did."""

import html
import re
from typing import Any

from django.core.cache import cache
from django.core.signals import got_request_exception
from django.test import Client

from tests.bad_input.hostile import ALIVE
from tests.database.rows import undone

ERRORS = re.compile(
    r"<(ul|p|div|section)[^>]*(?:error-summary|errorlist|errornote|field-error)[^>]*>(.*?)</\1>", re.DOTALL
)
INSIDES = ("Traceback (most recent call", "psycopg", "django.core.exceptions")


class Quick(Client):
    """Django's test client without what it records about templates; that costs more than the page."""

    def request(self, **request: Any) -> Any:
        got_request_exception.connect(self.store_exc_info, dispatch_uid="quick")
        try:
            response = self.handler(self._base_environ(**request))  # type: ignore[attr-defined]
        finally:
            got_request_exception.disconnect(dispatch_uid="quick")
        if self.exc_info:
            error, self.exc_info = self.exc_info[1], None
            raise error
        if response.cookies:
            self.cookies.update(response.cookies)
        return response

    def once(self, method: str, path: str, **request: Any) -> Any:
        """Ask, judge, and be again who one was before: nothing is written, nobody signed out."""
        before = self.cookies.output(header="", sep=";")
        jar = self.cookies.copy()
        cache.clear()
        with undone():
            response = self.generic(method, path, **request)
            body = b"".join(response)
        if self.cookies.output(header="", sep=";") != before:
            self.cookies.clear()
            self.cookies.update(jar)
        judge(response, body)
        return response


def judge(response: Any, body: bytes) -> None:
    """No fault of ours, nothing of the inside, nothing alive; and a form that comes back says why."""
    assert response.status_code < 500, f"{response.status_code}: {body[:300]!r}"
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return
    page = body.decode()
    assert ALIVE not in page.lower(), f"not escaped: {around(page)}"
    for inside in INSIDES:
        assert inside not in page
    if response.status_code == 422 or 'class="errornote"' in page:
        assert words_of(page), "a form came back and does not say why"
    if page and 400 <= response.status_code < 500 and response.status_code != 422:
        assert "<h1" in page, "an error page without a heading"


def words_of(page: str) -> str:
    """What the page says is wrong."""
    found = " ".join(match[2] for match in ERRORS.finditer(page))
    return html.unescape(re.sub(r"<[^>]+>", " ", found)).strip()


def around(page: str) -> str:
    at = page.lower().index(ALIVE)
    return page[max(0, at - 200) : at + 100]
