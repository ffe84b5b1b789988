"""What ordering and matching share: lines with a menu each. Menus need neither dragging nor JavaScript."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from learning.questions.base import Form, Given

Lines = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class MenuView:
    """One line and what its menu offers, as (value, text); `name` is that of its form field."""

    name: str
    text: SafeString
    chosen: str
    options: tuple[tuple[str, str], ...]


def views(
    token: str, lines: Lines, options: tuple[tuple[str, str], ...], given: Given | None
) -> tuple[MenuView, ...]:
    """The lines of a paper, whose texts were rendered, with what was chosen so far."""
    chosen = given if isinstance(given, dict) else {}
    return tuple(
        MenuView(
            name=f"{token}-{line['token']}",
            text=mark_safe(line["text"]),  # noqa: S308  (rendered by learning.markdown)
            chosen=chosen.get(line["token"], ""),
            options=options,
        )
        for line in lines
    )


def read(token: str, lines: Lines, offered: Collection[str], form: Form) -> Given | None:
    """What was chosen in a form by the token of its line, as far as it is offered."""
    sent = {line["token"]: form.get(f"{token}-{line['token']}", ()) for line in lines}
    return {line: values[-1] for line, values in sent.items() if values and values[-1] in offered} or None


def swapped(given: Given) -> Given:
    """The same with the choices of two lines exchanged."""
    if not isinstance(given, dict):
        raise TypeError("An answer by menus is a dict.")
    (one, first), (other, second), *rest = given.items()
    return {one: second, other: first, **dict(rest)}
