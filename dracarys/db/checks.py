"""A web process refuses to start as a role that row security does not bind."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


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
                    hint="Connect as an ordinary role; docs/deploy.md has the two lines that create it.",
                    id="database.E001",
                )
            )
    return found
