"""The policy file, read: who may do what, and what they meet."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("policy.toml")
NAME = "tests/authorisation/policy.toml"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
READING = frozenset({"GET", "HEAD", "OPTIONS"})
IN, REFUSED, NO_SUCH_METHOD = "in", "403", "405"
Page = dict[str, dict[str, str]]  # what a role that is let in meets: by role, by method


@dataclass(frozen=True, slots=True)
class Policy:
    """The tables of the file under their own names."""

    roles: dict[str, str]
    who: dict[str, tuple[str, ...]]
    permissions: dict[str, list[str]]
    pages: dict[str, Page]
    objects: dict[str, dict[str, str]]
    different: dict[str, dict[str, str]]
    admin: dict[str, frozenset[str]]
    actions: dict[str, str]
    changes: dict[str, dict[str, int]]
    outside: dict[str, str]
    not_wanted: frozenset[str]

    def entrance(self, page: str, role: str, method: str) -> str:
        """What `role` meets at the door of this page."""
        methods = self.pages[page].get(role)
        return self.roles[role] if methods is None else methods.get(method, NO_SUCH_METHOD)

    def found(self, page: str, parts: str, case: str, method: str) -> str:
        """What somebody who was let in finds there: the page's own line goes before that of its parts."""
        return self.special(page, case, method) or self.objects.get(parts, {"": IN})[case]

    def special(self, page: str, case: str, method: str) -> str | None:
        """What only this page answers to this case, if anything."""
        own, asked = self.different.get(page, {}), "GET" if method == "HEAD" else method
        return own.get(f"{case} {asked}") or own.get(case)

    def offers(self, page: str, method: str) -> bool:
        """Whether anybody is let in by this method."""
        return any(method in methods for methods in self.pages.get(page, {}).values())

    def may(self, role: str, deed: str, model: str) -> bool:
        """Whether the admin offers this deed at all, and the role has the permission for it."""
        app = model.split(".")[0]
        held = [f"{app}.*"] if role == "superuser" else self.permissions[role]
        return deed in self.admin[model] and bool({f"{app}.*", f"{app}.{deed}"} & {*held})


def _roles(name: str, who: Mapping[str, list[str]]) -> Iterator[str]:
    """The roles behind a name, or behind the names that it stands for. A role stands for itself."""
    for member in who.get(name, ()):
        yield from _roles(member, who)
    if name not in who:
        yield name


def _page(line: str, who: Mapping[str, tuple[str, ...]]) -> Page:
    """`members: any -> 403; staff: GET POST` by role and method; what is said later counts."""
    page: Page = {}
    for rule in line.split(";"):
        said, _, answer = rule.partition("->")
        name, _, methods = (word.strip() for word in said.partition(":"))
        words = METHODS if methods == "any" else (*methods.split(), *(["HEAD"] if "GET" in methods else []))
        for role in who[name]:
            page.setdefault(role, {}).update(dict.fromkeys(words, answer.strip() or IN))
    return page


def _read() -> Policy:
    raw: dict[str, Any] = tomllib.loads(FILE.read_text("utf-8"))
    who = {name: tuple(_roles(name, raw["who"])) for name in (*raw["roles"], *raw["who"])}
    return Policy(
        who=who,
        pages={name: _page(line, who) for name, line in raw["pages"].items()},
        admin={model: frozenset(deeds.split()) for model, deeds in raw["admin"].items()},
        not_wanted=frozenset(raw["tokens"]["not-wanted"]),
        **{name: raw[name] for name in ("roles", "permissions", "objects", "different", "actions")},
        **{name: raw[name] for name in ("changes", "outside")},
    )


POLICY = _read()
