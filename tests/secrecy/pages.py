"""What a response offers to whoever reads it: addresses to open and forms to send."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

HTMX_METHODS = {f"hx-{method}": method.upper() for method in ("get", "post", "put", "patch", "delete")}
TOLD_IN_HEADERS = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url")
# Files that are the same for everybody, and no page of ours.
FILES = ("/static/", "//")
NOT_TYPED = ("submit", "button", "image", "reset", "file")


@dataclass(slots=True)
class Form:
    """A form as it stands on a page: what it sends untouched, and what else may be chosen in it."""

    method: str
    action: str
    given: list[tuple[str, str]] = field(default_factory=list)
    typed: dict[str, str] = field(default_factory=dict)  # empty text fields: name -> type
    choices: dict[str, list[str]] = field(default_factory=dict)  # radio buttons, boxes and options
    buttons: list[tuple[str, str]] = field(default_factory=list)
    htmx: bool = False

    @property
    def names(self) -> frozenset[str]:
        """Every field that this form owns."""
        plain = {name for name, _ in (*self.given, *self.buttons)}
        return frozenset(plain | self.typed.keys() | self.choices.keys())


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.addresses: list[str] = []
        self.forms: list[Form] = []
        self._open: list[Form] = []  # the form that is being read; twice where htmx sends it elsewhere
        self._selecting = ""
        self._area: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        # Any attribute may hold an address: href, data-src, and whatever a later script reads.
        self.addresses += [v for name, v in told.items() if v.startswith("/") and name not in HTMX_METHODS]
        if tag == "form":
            self._open = self._forms(told)
            self.forms += self._open
        elif self._open and tag in ("input", "button", "select", "textarea", "option"):
            getattr(self, f"_{tag}")(told)
        elif not self._open and told.keys() & HTMX_METHODS.keys():
            self.forms += [self._htmx(told, name) for name in HTMX_METHODS if name in told]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = []
        if tag == "textarea" and self._area is not None:
            self._give(self._area[0], "".join(self._area[1:]).strip(), "text")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.append(data)

    def _forms(self, told: dict[str, str]) -> list[Form]:
        method = told.get("method", "get").upper()
        if method == "DIALOG":
            return []
        plain = Form(method, told.get("action") or self.address)
        return [plain, *(self._htmx(told, name) for name in HTMX_METHODS if name in told)]

    def _htmx(self, told: dict[str, str], name: str) -> Form:
        return Form(HTMX_METHODS[name], told[name] or self.address, htmx=True)

    def _input(self, told: dict[str, str]) -> None:
        name, kind, value = told.get("name", ""), told.get("type", "text"), told.get("value", "")
        if kind in NOT_TYPED:
            self._button(told)
        elif not name or "disabled" in told:
            return
        elif kind in ("radio", "checkbox"):
            self._choose(name, told.get("value", "on"), chosen="checked" in told)
        else:
            self._give(name, value, kind)

    def _button(self, told: dict[str, str]) -> None:
        if told.get("name") and told.get("type", "submit") == "submit":
            for form in self._open:
                form.buttons.append((told["name"], told.get("value", "")))

    def _select(self, told: dict[str, str]) -> None:
        self._selecting = told.get("name", "")

    def _textarea(self, told: dict[str, str]) -> None:
        self._area = [told.get("name", "")]

    def _option(self, told: dict[str, str]) -> None:
        self._choose(self._selecting, told.get("value", ""), chosen="selected" in told)

    def _give(self, name: str, value: str, kind: str) -> None:
        for form in self._open:
            form.given.append((name, value))
            if not value and kind != "hidden":
                form.typed[name] = kind

    def _choose(self, name: str, value: str, *, chosen: bool) -> None:
        for form in self._open:
            form.choices.setdefault(name, []).append(value)
            if chosen:
                form.given.append((name, value))


def read(address: str, body: str, content_type: str, headers: dict[str, str]) -> tuple[list[str], list[Form]]:
    """Addresses and forms of one response; `address` is where it was asked for."""
    found = [headers[name] for name in TOLD_IN_HEADERS if name in headers]
    forms: list[Form] = []
    if content_type.startswith("text/html"):
        reader = _Reader(address)
        reader.feed(body)
        reader.close()
        found += reader.addresses
        forms = reader.forms
    elif content_type.startswith("application/json"):
        found += [text for text in _texts(json.loads(body)) if text.startswith("/")]
    return [one.partition("#")[0] for one in found if is_page(one)], forms


def is_page(address: str) -> bool:
    """Whether this is an address of a page of ours; a path in a drawing or a file is none."""
    return address.startswith("/") and not address.startswith(FILES) and " " not in address


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for one in data.values() if isinstance(data, dict) else data:
            yield from _texts(one)
