"""Every address of the site, with an example of each part that varies."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

EXAMPLES: dict[str, Any] = {
    "level": 1,
    "gate": 1,
    "number": 1,
    "which": 1,
    "checkpoint": 1,
    "reflection": 1,
    "attempt_id": uuid.UUID(int=7),
    "token": "token",
    "digest": "0" * 64,
    "block": "block-1",
    "question": "q1",
    "code": "stop-loss",
    "period": "weekly",
    "name": "a.log",
    "uidb36": "1",
    "key": "a-b",
    "object_id": str(uuid.UUID(int=7)),
    "id": str(uuid.UUID(int=7)),
    "content_type_id": 1,
    "app_label": "accounts",
    "url": "no/such/page",
}


@dataclass(frozen=True, slots=True)
class Address:
    """A named address; `path` has the examples filled in."""

    name: str
    path: str


@dataclass(frozen=True, slots=True, eq=False)
class Route:
    """One line of the URLconf. Without a name of its own it is called by its pattern."""

    name: str
    text: str  # the whole pattern, as it is written in the URLconf
    parts: tuple[str, ...]  # what varies, in the order of the address
    pattern: URLPattern
    is_named: bool

    @property
    def view(self) -> Callable[..., Any]:
        return self.pattern.callback

    def path(self, values: Mapping[str, Any]) -> str:
        """The address with these values in it."""
        if self.is_named:
            return reverse(self.name, kwargs=dict(values))
        # What has no name cannot be reversed: Django's redirect and its last resort in the admin.
        text = self.text.replace("(?P<url>.*)$", "<path:url>").replace("<path:", "<")
        for part, value in values.items():
            text = text.replace(f"<{part}>", str(value))
        return f"/{text}"

    def __str__(self) -> str:
        return self.name


def routes() -> list[Route]:
    """Every line of the URLconf, also the admin's and those without a name."""
    return list(_walk(get_resolver(), "", ()))


@cache
def route(name: str) -> Route:
    """The line of this name."""
    return next(one for one in routes() if one.name == name)


def addresses() -> list[Address]:
    """All that have a name. An unknown part that varies wants an example above."""
    return [Address(one.name, one.path(_examples(one))) for one in routes() if one.is_named]


def _examples(one: Route) -> dict[str, Any]:
    unknown = set(one.parts) - EXAMPLES.keys()
    assert not unknown, f"{one}: add an example of {sorted(unknown)} to EXAMPLES in tests/site/addresses.py"
    return {part: EXAMPLES[part] for part in one.parts}


def _walk(resolver: URLResolver, before: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        text = before + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, text, inner)
        else:
            name = ":".join((*namespaces, pattern.name)) if pattern.name else text
            parts = tuple(pattern.pattern.regex.groupindex)
            yield Route(name, text, parts, pattern, is_named=bool(pattern.name))
