"""A release that migrates does not make the site wait."""

import subprocess
import sys

import psycopg

from tests.faults.site import ROOT, Site
from tests.servers.runs import eventually

MIGRATE = "from dracarys.management.commands import prepare; prepare.PAUSE_SECONDS = 0.1; prepare.migrate()"


def test_a_migration_that_does_not_get_its_lock_steps_aside_and_tries_again(site: Site) -> None:
    with psycopg.connect(site.servers.database_url) as connection:
        connection.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", MIGRATE]
        migrating = site.family.start(command, stop_signal=15, env=site.env, cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(2):
            site.waits_for_a_lock()
            assert eventually(lambda: not site.waiters()), "it queues, and everybody behind it"
        connection.rollback()
    _, errors = migrating.communicate(timeout=60)
    assert migrating.returncode == 0, errors.decode()
