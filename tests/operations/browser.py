"""A quick browser: a line that stays open, the cookies of whoever sits at it, and the token of forms."""

import http.client
import select
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from accounts.models import User
from tests.servers.runs import eventually

TOKEN = "t" * 32  # any cookie of this length is a token; forms then send the same
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, before any redirect is followed."""

    status: int
    place: str
    text: str


class CutError(OSError):
    """The line was cut: whether it was done, nobody can say."""


@dataclass
class Visitor:
    """Whoever sits at a browser: an address of their own, for some limits count by address, and cookies."""

    host: str
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def token(self) -> str:
        return self.cookies.get("csrftoken", TOKEN)

    def sign_in(self, user: User) -> None:
        """Signed in without the slow hash of a password."""
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "accounts.authentication.EmailBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.create()
        self.cookies["sessionid"] = str(session.session_key)

    @property
    def headers(self) -> dict[str, str]:
        cookies = {"csrftoken": TOKEN, **self.cookies}
        line = "; ".join(f"{name}={value}" for name, value in cookies.items())
        return {"X-Forwarded-For": self.host, "Cookie": line, "Content-Type": FORM}

    def keep(self, response: http.client.HTTPResponse) -> None:
        for header in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(header).items():
                self.cookies[name] = morsel.value
                if not morsel.value or morsel["max-age"] == "0":
                    self.cookies.pop(name, None)


class Browser:
    """One window with one line to the site; not for two threads at once."""

    def __init__(self, port: int) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, visitor: Visitor, path: str) -> Answer:
        self.ask(visitor, "GET", path)
        return self.answer(visitor)

    def post(self, visitor: Visitor, path: str, form: Mapping[str, str]) -> Answer:
        self.ask(visitor, "POST", path, form)
        return self.answer(visitor)

    def ask(self, visitor: Visitor, method: str, path: str, form: Mapping[str, str] | None = None) -> None:
        """Send a request and do not wait for its answer."""
        # A line that the other side has closed says so by being readable; a new one is opened.
        if self._line.sock and select.select([self._line.sock], [], [], 0)[0]:
            self._line.close()
        # Nothing is sent before somebody takes the call: nobody does while the processes come back.
        if not self._line.sock and not eventually(self._connects):
            raise CutError(f"{method} {path}: nobody answers")
        body = urlencode({**(form or {}), "csrfmiddlewaretoken": visitor.token}) if method == "POST" else None
        try:
            self._line.request(method, path, body, visitor.headers)
        except OSError as error:
            self._line.close()
            raise CutError(f"{method} {path}: {error!r}") from error

    def _connects(self) -> bool:
        try:
            self._line.connect()
        except OSError:
            return False
        return True

    def answer(self, visitor: Visitor) -> Answer:
        """Wait for what was asked."""
        try:
            response = self._line.getresponse()
            text = response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            self._line.close()
            raise CutError(repr(error)) from error
        visitor.keep(response)
        return Answer(response.status, response.headers.get("Location", ""), text)

    def close(self) -> None:
        self._line.close()
