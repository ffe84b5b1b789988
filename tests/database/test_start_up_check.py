"""No web process starts as a role that row security does not bind."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from psycopg import sql
from psycopg.conninfo import make_conninfo

from dracarys.db import checks
from tests.database.scratch import django_alias

SUPERUSER_URL = os.environ.get("DRACARYS_TEST_SUPERUSER_URL", "")
pytestmark = pytest.mark.usefixtures("opened")
needs_superuser = pytest.mark.skipif(not SUPERUSER_URL, reason="the server is not ours: no superuser's URL")
START = "import dracarys.wsgi"


def test_the_site_s_own_role_is_bound() -> None:
    assert [error for error in run_checks(databases=["default"]) if error.id == "database.E001"] == []
    checks.refuse_unbound_role()


def test_without_a_database_named_nothing_is_asked() -> None:
    assert checks.runtime_role_is_bound() == []


@needs_superuser
def test_a_superuser_is_found() -> None:
    with django_alias(SUPERUSER_URL) as alias:
        (error,) = checks.runtime_role_is_bound([alias])
    assert error.id == "database.E001"
    assert "'postgres' is a superuser" in error.msg


@needs_superuser
def test_a_role_that_bypasses_row_security_is_found() -> None:
    name = f"bypasser_{os.getpid()}"
    with psycopg.connect(SUPERUSER_URL, autocommit=True) as server:
        server.execute(sql.SQL("CREATE ROLE {} LOGIN BYPASSRLS PASSWORD 'x'").format(sql.Identifier(name)))
        try:
            with django_alias(make_conninfo(SUPERUSER_URL, user=name, password="x")) as alias:
                (error,) = checks.runtime_role_is_bound([alias])
        finally:
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
    assert (error.id, "bypasses row security" in error.msg) == ("database.E001", True)


@needs_superuser
def test_the_web_process_refuses_to_start_as_a_superuser() -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": SUPERUSER_URL,
        "DJANGO_SETTINGS_MODULE": "dracarys.settings_test",
    }
    root = Path(checks.__file__).parents[2]
    started = subprocess.run(
        [sys.executable, "-c", START], env=environment, cwd=root, capture_output=True, text=True
    )
    assert started.returncode == 1
    assert ImproperlyConfigured.__name__ in started.stderr
    assert "every row policy would be without effect" in started.stderr


def test_a_database_that_is_away_does_not_keep_the_site_from_starting(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with django_alias("postgresql://nobody:x@127.0.0.1:1/none") as alias:
        away = checks.runtime_role_is_bound
        monkeypatch.setattr(checks, "runtime_role_is_bound", lambda _: away([alias]))
        checks.refuse_unbound_role()
    assert "unreachable" in caplog.text
