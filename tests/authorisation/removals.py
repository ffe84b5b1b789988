"""Permission checks, each with the means to take it away: the matrix has to notice whichever is gone."""

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin

from accounts import middleware
from learning import access, papers, quiz_taking, views
from learning.models import Attempt
from tests.authorisation.admin_pages import WANTS, page_of
from tests.authorisation.completeness import is_public
from tests.site.addresses import Route, routes

Remove = Callable[[pytest.MonkeyPatch], None]
OURS = ("accounts.", "billing.", "community.", "dracarys.", "gamification.", "learning.", "sessions.")

# With one of two checks gone the other still stands, and nobody gets further than before.
HELD_TWICE = {("components", "the sign-in"), ("admin:accounts_user_add", "the permission to add")}


@dataclass(frozen=True, slots=True)
class Removal:
    """One check of one page; `remove` takes it away until the test is over."""

    check: str
    route: Route
    remove: Remove

    def __str__(self) -> str:
        return f"{self.route} without {self.check}"


def removals() -> list[Removal]:
    """Every check of every page that can be taken away by itself."""
    return [removal for route in routes() for removal in _of(route)]


def sample(size: int) -> list[Removal]:
    """So many, the same ones every time, and of each kind of check as many as of any other."""
    chance = random.Random(3)
    kinds: dict[str, list[Removal]] = {}
    for removal in removals():
        kinds.setdefault(removal.check, []).append(removal)
    for known in kinds.values():
        chance.shuffle(known)
    chosen: list[Removal] = []
    while len(chosen) < size and any(kinds.values()):
        chosen += [known.pop() for known in kinds.values() if known]
    return chosen[:size]


def _of(route: Route) -> Iterator[Removal]:
    for removal in _all_of(route):
        if (str(route), removal.check) not in HELD_TWICE:
            yield removal


def _all_of(route: Route) -> Iterator[Removal]:
    page, view = page_of(route), route.view
    is_ours = view.__module__.startswith(OURS) and not route.text.startswith("admin/")
    # The admin and django-allauth hold both of these twice themselves.
    if is_ours:
        yield Removal("the token of its form", route, _set(view, "csrf_exempt", True))
    if is_ours and not is_public(route):
        yield Removal("the sign-in", route, _set(view, "login_required", False))
    if is_ours and hasattr(view, "__wrapped__"):
        yield Removal("its outermost decorator", route, _set(route.pattern, "callback", view.__wrapped__))
    if is_ours and not is_public(route) and str(route) not in middleware.BEFORE_WELCOME:
        exempt = middleware.BEFORE_WELCOME | {str(route)}
        yield Removal("the terms that come first", route, _set(middleware, "BEFORE_WELCOME", exempt))
    if route.text.startswith("admin/") and not is_public(route) and str(route) != "admin:login":
        yield Removal("the workshop's door", route, _set(admin.site, "has_permission", lambda request: True))
    if page and page.deed:
        yield from _permissions(route)
    if str(route) in OWNERS:
        yield Removal("the owner", route, OWNERS[str(route)])
    if str(route) in LOCKS:
        yield Removal("the lock of the gate", route, LOCKS[str(route)])


def _set(target: object, name: str, value: object) -> Remove:
    return lambda patch: patch.setattr(target, name, value, raising=False)


def _permissions(route: Route) -> Iterator[Removal]:
    """Whatever permission the page asks for, its ModelAdmin says yes."""
    page = page_of(route)
    assert page is not None
    model_admin = admin.site._registry[page.model]
    for wanted in sorted(set(WANTS[page.deed])):
        yield Removal(
            f"the permission to {wanted}",
            route,
            _set(model_admin, f"has_{wanted}_permission", lambda request, row=None: True),
        )


# --- What the domain asks: whose it is, and whether it is open ----------------------------------------

_save, _hand_in_lock = quiz_taking.save_answers, quiz_taking._locked


def _owner(attempt_id: uuid.UUID) -> Any:
    return Attempt.objects.values_list("user_id", flat=True).get(pk=attempt_id)


def _anybodys_attempt(*, user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    return Attempt.objects.get(pk=attempt_id)


def _save_anybodys(*, user_id: uuid.UUID, attempt_id: uuid.UUID, **more: Any) -> bool:
    return _save(user_id=_owner(attempt_id), attempt_id=attempt_id, **more)


def _lock_anybodys(user_id: uuid.UUID, attempt_id: uuid.UUID) -> Attempt:
    return _hand_in_lock(_owner(attempt_id), attempt_id)


def _open_to_all(user_id: uuid.UUID, lesson_id: uuid.UUID) -> access.Access:
    return access.access_of(user_id)


OWNERS: dict[str, Remove] = {
    "learning:attempt": _set(papers, "own_attempt", _anybodys_attempt),
    "learning:result": _set(papers, "own_attempt", _anybodys_attempt),
    "learning:attempt-chart": _set(papers, "own_attempt", _anybodys_attempt),
    "learning:save-answer": _set(quiz_taking, "save_answers", _save_anybodys),
    "learning:submit": _set(quiz_taking, "_locked", _lock_anybodys),
}
LOCKS: dict[str, Remove] = {
    "learning:attempt": _set(views, "require_assessment", _open_to_all),
    **{
        f"learning:{name}": _set(access, "require", _open_to_all)
        for name in ("block", "block-chart", "check", "continue", "reflect")
    },
    **{
        f"learning:{name}": _set(access, "require_assessment", _open_to_all)
        for name in ("assessment", "begin", "submit")
    },
}
