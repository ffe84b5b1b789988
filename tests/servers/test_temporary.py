"""Servers for a test run: what is in them, and that each can go away and come back."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dracarys.servers import TemporaryServers, TroubleError, temporary
from tests.servers.runs import REPOSITORY, clean_environment, descendants, eventually, processes

NO_RETRIES = Retry(NoBackoff(), 0)


def scalar(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row
        return row[0]


def test_the_site_logs_in_as_no_superuser(servers: TemporaryServers) -> None:
    assert scalar(servers.database_url, "SELECT current_setting('is_superuser')") == "off"
    attributes = "SELECT concat(rolsuper, rolcreatedb, rolcreaterole, rolbypassrls) FROM pg_roles"
    assert scalar(servers.database_url, f"{attributes} WHERE rolname = current_user") == "fttf"
    assert scalar(servers.superuser_url, "SELECT current_setting('is_superuser')") == "on"


def test_the_site_owns_its_database(servers: TemporaryServers) -> None:
    owner = "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
    assert scalar(servers.database_url, owner) == "dracarys"


@pytest.mark.parametrize("role", ["anon", "authenticated", "service_role"])
def test_the_site_may_act_as_each_role_and_hand_it_on(servers: TemporaryServers, role: str) -> None:
    with psycopg.connect(servers.database_url) as connection:
        connection.execute("CREATE ROLE second_login")
        connection.execute(f"GRANT {role} TO second_login".encode())
        connection.execute(f"SET ROLE {role}".encode())
        connection.rollback()


def test_a_wrong_password_does_not_enter(servers: TemporaryServers) -> None:
    parts = urlsplit(servers.database_url)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgres://dracarys:wrong@127.0.0.1:{parts.port}/dracarys")
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=urlsplit(servers.redis_url).port or 0, retry=NO_RETRIES).ping()


def test_letters_beyond_ascii_fold(servers: TemporaryServers) -> None:
    assert scalar(servers.database_url, "SELECT lower('ÄÖÜ')") == "äöü"


def test_major_16(tmp_path: Path) -> None:
    with temporary(tmp_path / "home", major=16) as servers:
        assert str(scalar(servers.database_url, "SHOW server_version")).startswith("16.")
        assert scalar(servers.database_url, "SELECT lower('ÄÖÜ')") == "äöü"
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("SET ROLE service_role")


def test_each_server_goes_and_comes_back_on_its_port(tmp_path: Path) -> None:
    with temporary(tmp_path / "home") as servers:
        with psycopg.connect(servers.database_url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
        client = redis.Redis.from_url(servers.redis_url, retry=NO_RETRIES)
        servers.stop_valkey()
        with pytest.raises(redis.ConnectionError):
            client.ping()
        assert scalar(servers.database_url, "SELECT number FROM kept") == 7
        servers.stop_postgres()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(servers.database_url)
        servers.start_valkey()
        servers.start_postgres()
        assert client.ping()
        assert scalar(servers.database_url, "SELECT number FROM kept") == 7
        client.close()


def test_stopping_ends_clients_at_once(tmp_path: Path) -> None:
    with temporary(tmp_path / "home") as servers, psycopg.connect(servers.database_url) as connection:
        connection.execute("SELECT 1")
        servers.stop_postgres()
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")


def test_the_folder_goes_at_the_end(tmp_path: Path) -> None:
    with temporary(tmp_path / "home"):
        pass
    assert not (tmp_path / "home").exists()


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(TroubleError, match="is not empty"), temporary(tmp_path):
        pass
    assert (tmp_path / "thesis.txt").exists()


def test_a_killed_test_run_leaves_nothing(folder: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from dracarys.servers import temporary\n"
        "with temporary(Path(sys.argv[1])): print('up', flush=True); time.sleep(600)"
    )
    home = folder / "home"
    command = [sys.executable, "-c", code, str(home)]
    with subprocess.Popen(command, env=clean_environment(), cwd=REPOSITORY, stdout=subprocess.PIPE) as run:
        assert run.stdout
        assert run.stdout.readline() == b"up\n"
        started = descendants(run.pid)
        assert len(started) > 2
        os.kill(run.pid, signal.SIGKILL)
    assert eventually(lambda: not started & processes().keys())
    assert eventually(lambda: not home.exists())
