"""Reads the site as one person: follows what every response offers, and sends every form it meets."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY
from django.http.response import HttpResponseBase
from django.test import Client

from accounts.models import User
from tests.amounts import FULL
from tests.factories.accounts import PASSWORD
from tests.secrecy.pages import Form, read

FORM = "application/x-www-form-urlencoded"
PAPERS = "/attempts/"
CHECKED = "/check/"
# Where to go back to says nothing about the page itself: one visit is enough.
BACK = re.compile(r"(?<=[?&])next=[^&]*")
# What stands beside every block and question alike, up to the part of the address that says beside which.
BESIDE = re.compile(r"[0-9]+/(?=(?:rating|report)/$)|(?<=/notes/)[^/]+(?=/$)")


@dataclass(frozen=True, slots=True)
class Request:
    """Something that a page offered."""

    method: str
    address: str
    data: tuple[tuple[str, str], ...] = ()
    htmx: bool = False

    def __str__(self) -> str:
        sent = f" with {', '.join(sorted({name for name, _ in self.data}))}" if self.data else ""
        return f"{self.method} {self.address}{' by htmx' if self.htmx else ''}{sent}"


@dataclass(frozen=True, slots=True)
class Shown:
    """One response: everything of it that reaches a reader."""

    request: Request
    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[str, ...]
    body: str

    def text(self) -> str:
        """All of it, as one text."""
        lines = [f"{self.status}", *(f"{name}: {value}" for name, value in self.headers), *self.cookies]
        return "\n".join([*lines, "", self.body])


@dataclass(slots=True)
class Visitor:
    """Somebody's browser. `user` None is somebody who has not signed in."""

    user: User | None
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        self.come_in()

    def come_in(self) -> None:
        """Sign in, also again after a form signed this person out."""
        if self.user and SESSION_KEY not in self.client.session:
            self.client.force_login(self.user)

    def ask(self, request: Request) -> Shown:
        """Send it, as a browser would."""
        headers = {"X-Request-ID": "the-same-each-time"} | ({"HX-Request": "true"} if request.htmx else {})
        response: HttpResponseBase
        if request.method == "GET":
            response = self.client.get(request.address, request.data or None, headers=headers)
        else:
            sent = urlencode(request.data)
            response = self.client.generic(request.method, request.address, sent, FORM, headers=headers)
        if request.method != "GET":
            self.come_in()
        return _shown(request, response)


def _shown(request: Request, response: HttpResponseBase) -> Shown:
    body = response.getvalue().decode() if response.streaming else response.content.decode(errors="replace")  # type: ignore[attr-defined]
    cookies = [
        f"Set-Cookie: {name}={morsel.value}; "
        + "; ".join(f"{key}={value}" for key, value in sorted(morsel.items()) if key != "expires")
        for name, morsel in response.cookies.items()
    ]
    return Shown(request, response.status_code, tuple(sorted(response.headers.items())), tuple(cookies), body)


Ways = Callable[[Form, Visitor], Iterable[Request]]


def crawl(
    visitor: Visitor,
    starts: Sequence[str],
    *,
    ways: Ways,
    within: Callable[[str], bool] = lambda address: True,
    again_by_htmx: bool = True,
) -> list[Shown]:
    """Everything this person is shown: pages, what forms lead to, then every page once more by htmx."""
    seen: list[Shown] = []
    asked: set[str] = set()
    pages, forms = deque(Request("GET", one) for one in starts), deque[Form]()
    known: set[tuple[str, str, frozenset[str], bool]] = set()

    def look(request: Request) -> None:
        place = _sampled(BACK.sub("", request.address))
        if (request.method == "GET" and place in asked) or not within(request.address):
            return
        shown = visitor.ask(request)
        seen.append(shown)
        if request.method == "GET":
            asked.add(place)
        found, offered = _offers(shown)
        asked.difference_update(map(_sampled, _changed(request, found)))
        pages.extend(Request("GET", one) for one in found)
        for form in offered:
            key = (form.method, _sampled(form.action), form.names, form.htmx)
            if key not in known:
                known.add(key)
                forms.append(form)

    while pages or forms:
        if pages:
            look(pages.popleft())
        else:
            for request in ways(forms.popleft(), visitor):
                look(request)
    if again_by_htmx:
        opened = {one.request.address: one.status for one in seen if one.request.method == "GET"}
        again = [one for one, status in opened.items() if FULL or status == 200]
        seen += [visitor.ask(Request("GET", one, htmx=True)) for one in again]
    return seen


def _changed(request: Request, found: Iterable[str]) -> Iterable[str]:
    """Where an answer was graded at once its page is another one than before, and so may others be."""
    if not request.address.endswith(CHECKED):
        return ()
    return found if FULL else [request.address.removesuffix(CHECKED.lstrip("/"))]


def _sampled(address: str) -> str:
    """In `make test` one form of a gate stands for those that stand beside each of its blocks."""
    return address if FULL else BESIDE.sub("", address)


def _offers(shown: Shown) -> tuple[list[str], list[Form]]:
    headers: Mapping[str, str] = dict(shown.headers)
    return read(shown.request.address, shown.body, headers.get("Content-Type", ""), dict(headers))


# --- Ways to fill a form ----------------------------------------------------------------------------


def carefully(form: Form, visitor: Visitor) -> Iterator[Request]:
    """As it stands, with one choice made, and filled in, by each of its buttons; nothing is graded."""
    data = [pair for pair in form.given if pair[0] != "csrfmiddlewaretoken"]
    typed = [(name, _typed(kind, visitor)) for name, kind in form.typed.items()]
    graded = form.action.endswith(CHECKED)
    chosen = [pair for pair in _chosen(form, 0) if not graded and not _given(form, pair[0])]
    rest = chosen[:1] if form.action.startswith(PAPERS) else chosen
    filled = [pair for pair in data if pair[0] not in form.typed] + typed + rest
    for pressed in [[button] for button in form.buttons] or [[]]:
        for sent in _different(data, [*data, *chosen[:1]], filled):
            yield Request(form.method, form.action, (*sent, *pressed), form.htmx)


def briefly(form: Form, visitor: Visitor) -> Iterator[Request]:
    """Only the last of these ways: filled in, by its last button."""
    *_, last = carefully(form, visitor)
    yield last


def choosing(number: int) -> Ways:
    """Every form once, with the option of this number chosen in each group: a paper is handed in."""

    def way(form: Form, visitor: Visitor) -> Iterator[Request]:
        chosen, typed = _chosen(form, number), [(name, str(number + 1)) for name in form.typed]
        data = [pair for pair in form.given if pair[0] != "csrfmiddlewaretoken"]
        kept = [pair for pair in data if pair[0] not in form.choices and pair[0] not in form.typed]
        yield Request(form.method, form.action, (*kept, *chosen, *typed), form.htmx)

    return way


def _chosen(form: Form, number: int) -> list[tuple[str, str]]:
    """The option of this number in each group; the next one in a menu with the same options as one before."""
    seen: Counter[tuple[str, ...]] = Counter()
    chosen = []
    for name, values in form.choices.items():
        options = tuple(filter(None, values)) or tuple(values)
        chosen.append((name, options[(number + seen[options]) % len(options)]))
        seen[options] += 1
    return chosen


def _different(*ways: list[tuple[str, str]]) -> list[tuple[tuple[str, str], ...]]:
    return list(dict.fromkeys(tuple(way) for way in ways))


def _given(form: Form, name: str) -> bool:
    return any(given == name for given, _ in form.given)


def _typed(kind: str, visitor: Visitor) -> str:
    address = visitor.user.email if visitor.user else "visitor@example.org"
    return {"email": address, "password": PASSWORD, "number": "1"}.get(kind, "Words")
