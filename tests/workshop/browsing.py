"""The workshop's pages as somebody without JavaScript uses them: read a form, fill it in, press a button."""

from collections.abc import Sequence
from typing import Any

from django.test import Client

from learning.models import Lesson
from learning.workshop.fields import Field, fields_in
from tests.bad_input.pages import Page

Sent = dict[str, list[str]]


def sent_by(fields: Sequence[Field]) -> Sent:
    """What a browser would send of these fields, as they stand."""
    sent: Sent = {}
    for one in fields_in(fields):
        if one.kind == "group":
            sent |= {one.name: ["1"]} if one.there else {}
        elif one.kind == "variant":
            sent[f"{one.name}.type"] = [one.value]
        elif one.kind == "flag":
            sent |= {one.name: ["1"]} if one.value else {}
        elif one.kind not in ("rows", "row"):
            sent[one.name] = [one.value.replace("\n", "\r\n")]
    return sent


def address(gate: Lesson, rest: str = "") -> str:
    return f"/admin/learning/lesson/{gate.pk}/workshop/{rest}"


def form_at(client: Client, path: str) -> Sent:
    """The fields of the form on this page, filled as they are."""
    answer = client.get(path)
    assert answer.status_code == 200, path
    return form_in(path, answer.content.decode())


def form_in(path: str, text: str) -> Sent:
    """The fields of the workshop's form in the text of a page."""
    form = next(one for one in Page(path, text).forms if "/workshop/" in one.action)
    sent = form.filled()
    # A browser leaves out the first line end of a text.
    areas = [name for name, one in form.fields.items() if one.kind == "textarea"]
    return sent | {name: [sent[name][0].removeprefix("\n")] for name in areas} | {"do": ["save"]}


def press(client: Client, path: str, do: str, **filled: Any) -> str:
    """Fill in some fields of the form on this page and press a button; where that leads."""
    names = {name.replace("__", "."): value for name, value in filled.items()}
    sent = {**form_at(client, path), **{name: [str(value)] for name, value in names.items()}, "do": [do]}
    answer = client.post(path, sent)
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return str(answer.headers["Location"]).partition("#")[0]
