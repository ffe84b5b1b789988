"""Who acts on the database.

Every request, job and command acts as one of three roles; row policies and column privileges decide
what that role may see and write. The actor is folded into BEGIN by our backend, so that carrying it
costs no round trip, and it ends with the transaction, so that no pooled connection can leak it.
"""

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from django.db import connections, transaction

Role = Literal["anon", "authenticated", "service_role"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A database role and, for a signed-in person, their id (a UUID, so nothing can be injected)."""

    role: Role
    user_id: uuid.UUID | None = None

    def sql(self) -> str:
        return f"SET LOCAL ROLE {self.role}; SELECT set_config('app.user_id', '{self.user_id or ''}', true)"


ANON = Actor("anon")
SERVICE = Actor("service_role")
# Back to the login role, which owns the tables: what code outside any `acting_as` runs as.
LOGIN_SQL = "SET LOCAL ROLE NONE; SELECT set_config('app.user_id', '', true)"


class ActingConnection(Protocol):
    """What `dracarys.db.backend` adds to Django's connection."""

    in_atomic_block: bool
    needs_rollback: bool
    next_actor: Actor | None
    actor: Actor | None

    def become(self, actor: Actor | None) -> None: ...


def person(user_id: uuid.UUID) -> Actor:
    """The actor of a signed-in person's request."""
    return Actor("authenticated", user_id)


@contextmanager
def acting_as(actor: Actor, using: str = "default") -> Iterator[None]:
    """Run the block in a transaction that acts as `actor`; nested, the former actor returns after it.

    An exception rolls the block back: to BEGIN when outermost, else to a savepoint. Raises whatever the
    block raises, and `django.db.Error` when the role cannot be taken.
    """
    connection = cast(ActingConnection, connections[using])
    if not connection.in_atomic_block:
        connection.next_actor = actor
        try:
            with transaction.atomic(using=using):
                yield
        finally:
            connection.next_actor = None
        return
    before = connection.actor
    try:
        # A savepoint, so that after an error the way back to the former actor is open.
        with transaction.atomic(using=using):
            connection.become(actor)
            yield
    finally:
        if connection.needs_rollback:
            connection.actor = before
        else:
            connection.become(before)


def acting_as_service() -> AbstractContextManager[None]:
    """For a named step that earns, counts, books or buys inside a learner's request; and for jobs."""
    return acting_as(SERVICE)
