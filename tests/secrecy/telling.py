"""What one person is told in one world: every response, and what is left behind while they read."""

import datetime as dt
import logging
import random
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.cache import cache
from django.utils import timezone

from accounts.models import OutboxMessage
from learning import quiz_taking
from tests.amounts import FULL
from tests.database.rows import undone
from tests.secrecy.crawler import Shown, Visitor, Ways, carefully, crawl
from tests.secrecy.house import House
from tests.site.addresses import addresses

ALPHABET = "abcdefghijkmnpqrstuvwxyz"


@dataclass(slots=True)
class Told:
    """Everything that left the server, or was kept where others may read it."""

    responses: list[Shown]
    logged: list[str] = field(default_factory=list)
    cached: list[str] = field(default_factory=list)
    mailed: list[str] = field(default_factory=list)


@contextmanager
def nothing_by_chance(seed: str, now: dt.datetime) -> Iterator[None]:
    """The clock stands, and what is drawn by lot is drawn alike each time."""
    chance = random.Random(seed)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: now)
        patch.setattr(time, "time", now.timestamp)
        patch.setattr(secrets, "choice", chance.choice)
        patch.setattr(quiz_taking, "_RANDOM", chance)
        patch.setattr(quiz_taking, "_token", lambda: "".join(chance.choices(ALPHABET, k=12)))
        patch.setattr(PasswordResetTokenGenerator, "_now", lambda self: now.replace(tzinfo=None))
        yield


def starts() -> list[str]:
    """Where a reader begins: the dashboard, and every address there is; with AMOUNTS=full the admin's too."""
    known = [one.path for one in addresses() if FULL or not one.name.startswith("admin:")]
    return ["/", "/dashboard/", *known]


def tell(
    house: House,
    role: str,
    *,
    begin: list[str] | None = None,
    ways: Ways = carefully,
    within: Callable[[str], bool] = lambda address: True,
    again_by_htmx: bool = True,
) -> Told:
    """Crawl as `role` in the world as it is furnished, and undo what that changed."""
    records = _Kept()
    with undone(), nothing_by_chance(role, house.now):
        cache.clear()
        visitor = Visitor(house.people[role])
        with records.listening():
            responses = crawl(
                visitor, begin or starts(), ways=ways, within=within, again_by_htmx=again_by_htmx
            )
        address = visitor.user.email if visitor.user else ""
        mails = OutboxMessage.objects.filter(recipient=address).order_by("created_at", "kind")
        mailed = [f"{mail.kind}: {mail.payload}" for mail in mails]
        return Told(responses, records.lines, _cached(), mailed)


@contextmanager
def for_once(visitor: Visitor, now: dt.datetime) -> Iterator[None]:
    """What is asked in the block is undone, in the visitor's browser too, and answered alike each time."""
    cookies = dict(visitor.client.cookies)
    with undone(), nothing_by_chance("for once", now):
        cache.clear()
        yield
    visitor.client.cookies.clear()
    visitor.client.cookies.update(cookies)


@contextmanager
def furnished(house: House, world: int, only: str = "") -> Iterator[None]:
    """In the block the secrets are those of this world, everywhere or in one gate only."""
    with undone():
        house.furnish(world, only)
        yield


class _Kept(logging.Handler):
    """Keeps every line of every log."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {self.format(record)}")

    @contextmanager
    def listening(self) -> Iterator[None]:
        root = logging.getLogger()
        level, handlers = root.level, root.handlers
        root.setLevel(logging.DEBUG)
        root.handlers = [self]
        try:
            yield
        finally:
            root.setLevel(level)
            root.handlers = handlers


def _cached() -> list[str]:
    stored: dict[str, Any] = cache._cache  # type: ignore[attr-defined]
    return [f"{key}: {value!r}" for key, value in stored.items()]
