"""A web process refuses to start as a role that row security does not bind."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

logger = logging.getLogger("dracarys.db")


@register(Tags.database)
def runtime_role_is_bound(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """database.E001: the login role is a superuser or bypasses row security, so policies protect nothing."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
            )
            name, superuser, bypasses = cursor.fetchone()
        if superuser or bypasses:
            what = "is a superuser" if superuser else "bypasses row security"
            found.append(
                Error(
                    f"The database role {name!r} {what}: every row policy would be without effect.",
                    hint="Connect as an ordinary role; docs/deploy.md says how.",
                    id="database.E001",
                )
            )
    return found


def refuse_unbound_role() -> None:
    """Raise ImproperlyConfigured when the login role makes row policies void; for a web process that starts.

    A database that is away is no reason not to start: pages then say so, and answer when it is back.
    """
    try:
        found = runtime_role_is_bound(["default"])
    except OperationalError:
        logger.warning("The database is unreachable; the login role could not be checked.")
        return
    finally:
        connections["default"].close()
    if found:
        raise ImproperlyConfigured(f"{found[0].msg} {found[0].hint}")
