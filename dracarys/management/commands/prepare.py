"""Everything between an empty database and a lived-in site: schema, course, achievements, demo people."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

# Whoever waits for a table makes everybody wait who comes after: less long than a page has (`dracarys.wsgi`).
TIMEOUTS = "SET lock_timeout = '1s'; SET statement_timeout = 0"
TRIES, PAUSE_SECONDS = 60, 2.0


def migrate() -> None:
    """Migrate a site that is in use: a migration that does not get its lock at once is tried again later.

    It may take its time once it has the lock. Raises OperationalError when it never gets it.
    """
    for tries_left in reversed(range(TRIES)):
        try:
            with connection.cursor() as cursor:
                cursor.execute(TIMEOUTS)
            call_command("migrate", verbosity=0, interactive=False)
            break
        except OperationalError as error:
            if not (tries_left and isinstance(error.__cause__, LockNotAvailable)):
                raise
        time.sleep(PAUSE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute("RESET lock_timeout; RESET statement_timeout")


class Command(BaseCommand):
    help = (
        "Migrate, load the starter course and the achievements, and in the zero-setup run make demo people."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        migrate()
        call_command("load_achievements", verbosity=0)
        call_command("load_course", keep_edits=True, verbosity=0)
        if settings.ZERO_SETUP:
            call_command("seed_demo", stdout=self.stdout)
