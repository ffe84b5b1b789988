"""Reads pages as a browser does: what one can click, and which forms with which fields there are."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve

TEXT_KINDS = {
    "text",
    "email",
    "password",
    "search",
    "textarea",
    "hidden",
    "number",
    "url",
    "tel",
    "date",
    "time",
}


@dataclass(slots=True)
class Field:
    """A field as the page offers it: its kind, the value that stands in it and those it offers to choose."""

    kind: str
    values: list[str] = field(default_factory=list)
    offered: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """A form that posts, and where it was found."""

    action: str
    found_on: str
    fields: dict[str, Field] = field(default_factory=dict)

    @property
    def route(self) -> str:
        return route_of(self.action)

    def filled(self) -> dict[str, list[str]]:
        """What a browser would send if one only pressed the button; the first choice where none is made."""
        sent = {}
        for name, one in self.fields.items():
            chosen = one.values or (one.offered[:1] if one.kind != "checkbox" else [])
            if chosen or one.kind in TEXT_KINDS:
                sent[name] = chosen or [""]
        return sent


def route_of(path: str) -> str:
    """The name of the route that answers here; empty when none does."""
    try:
        return resolve(urlsplit(path).path).view_name
    except Resolver404:
        return ""


class Page(HTMLParser):
    """The forms that post, and the links within the site."""

    def __init__(self, path: str, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.path = path
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._select: Field | None = None
        self._typed: Field | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "#").startswith(("/", "?", ".")):
            self.links.append(urlsplit(urljoin(self.path, said["href"])).path)
        elif tag == "form":
            self._open(said)
        elif tag == "option" and self._select is not None:
            self._select.offered.append(said.get("value", ""))
            if "selected" in said:
                self._select.values.append(said.get("value", ""))
        elif tag in {"input", "button", "select", "textarea"}:
            self._field(tag, said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._typed = None

    def handle_data(self, data: str) -> None:
        if self._typed is not None:
            self._typed.values = ["".join(self._typed.values) + data]

    def _open(self, said: dict[str, str]) -> None:
        action = urljoin(self.path, said.get("action") or self.path)
        form = Form(urlsplit(action).path, self.path)
        if said.get("id"):
            self._by_id[said["id"]] = form
        if said.get("method", "get").lower() == "post":
            self.forms.append(form)
        if "hx-post" in said:
            # The same fields go to a second address, as they are filled in.
            self.forms.append(Form(urljoin(self.path, said["hx-post"]), self.path, form.fields))
        self._form = form

    def _field(self, tag: str, said: dict[str, str]) -> None:
        form = self._by_id.get(said["form"]) if "form" in said else self._form
        if form is None or not said.get("name") or said["name"] == "csrfmiddlewaretoken":
            return
        kind = said.get("type", "text") if tag == "input" else tag
        one = form.fields.setdefault(said["name"], Field(kind))
        if tag == "select":
            self._select = one
        elif tag == "textarea":
            self._typed = one
        elif kind in {"radio", "checkbox", "submit", "button"}:
            one.offered.append(said.get("value", "on"))
            one.values += [said.get("value", "on")] if "checked" in said else []
        else:
            one.values.append(said.get("value", ""))
