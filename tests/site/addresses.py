"""Every address of the site, with an example of each part that varies."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

EXAMPLES: dict[str, Any] = {
    "level": 1,
    "gate": 1,
    "number": 1,
    "attempt_id": uuid.UUID(int=7),
    "token": "token",
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


def addresses() -> list[Address]:
    """All of them, also the admin's. An unknown part that varies wants an example above."""
    return list(_walk(get_resolver(), ()))


def _walk(resolver: URLResolver, namespaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, inner)
        else:
            yield from _address(pattern, namespaces)


def _address(pattern: URLPattern, namespaces: tuple[str, ...]) -> Iterator[Address]:
    varying = pattern.pattern.regex.groupindex
    # Django's own redirect from the old form of an admin address has no name.
    name = ":".join((*namespaces, pattern.name or ""))
    if pattern.name:
        values = {key: EXAMPLES[key] for key in varying}
        yield Address(name, reverse(name, kwargs=values, args=None))
