"""The run with its servers, from the first start to the end by whatever signal."""

import json
import os
import signal
import socket
import stat
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from dracarys.servers import commands
from dracarys.servers.home import Home
from tests.servers.runs import UP, Run, all_gone, descendants, eventually, running

root_only = pytest.mark.skipif(os.geteuid() != 0, reason="only root has privileges to drop")
TELL = "import json, os; print('environment', json.dumps(dict(os.environ)))"
# A grandchild that ignores the polite signal, like a worker in the middle of a task.
STUBBORN = """
import signal, subprocess, sys, time
subprocess.Popen([sys.executable, "-I", "-S", "-c", "import signal, time\\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"])
time.sleep(600)
"""


def environment(run: Run) -> dict[str, str]:
    """What the first program of the run was told, once everything is up."""
    assert run.says(UP)
    line = next(line for line in run.text().splitlines() if line.startswith("environment "))
    told: dict[str, str] = json.loads(line.removeprefix("environment "))
    return told


def pid_of(project: Path, file: str) -> int:
    return int((project / ".dracarys" / file).read_text().split()[0])


def test_the_data_of_the_first_start_is_there_at_the_second(folder: Path) -> None:
    with running(folder, first=TELL) as run:
        first = environment(run)
        with psycopg.connect(first["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7")
        redis.Redis.from_url(first["REDIS_URL"]).set("kept", 7)
    assert run.process.returncode == 0
    with running(folder, first=TELL) as run:
        second = environment(run)
        with psycopg.connect(second["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT * FROM kept").fetchone() == (7,)
        assert redis.Redis.from_url(second["REDIS_URL"]).get("kept") == b"7"
    same = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MAILBOX_PATH")
    assert [first[name] for name in same] == [second[name] for name in same]


def test_secrets_and_logs_are_private(project: Path) -> None:
    private = ["secret-key", "database-password", "superuser-password", "valkey-password"]
    for name in [*private, "postgres.log", "valkey.log"]:
        assert stat.S_IMODE((project / ".dracarys" / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_everything(project: Path, number: signal.Signals) -> None:
    with running(project) as run:
        assert run.says(UP)
        started = descendants(run.process.pid)
        run.process.send_signal(number)
        assert run.ends() == 0
        assert all_gone(started)


def test_a_killed_supervisor_leaves_nothing_and_does_not_block_the_next(project: Path) -> None:
    with running(project, worker=STUBBORN) as run:
        assert run.says(UP)
        assert eventually(lambda: len(descendants(run.process.pid)) > 6)
        started = descendants(run.process.pid)
        run.process.kill()
        run.ends()
        with running(project) as again:  # waits until the guard has cleaned up
            assert again.says(UP)
            assert all_gone(started)


def test_the_kernel_ends_them_when_the_guard_is_killed_too(project: Path) -> None:
    with running(project) as run:
        assert run.says(UP)
        started = descendants(run.process.pid)
        for pid in started:
            if "guard.py" in Path(f"/proc/{pid}/cmdline").read_text():
                os.kill(pid, signal.SIGKILL)
        run.process.kill()
        run.ends()
        assert eventually(lambda: all_gone(started))


def test_a_path_that_is_long_and_has_spaces(folder: Path) -> None:
    project = folder / ("a long name " * 5) / ("and another " * 6)
    project.mkdir(parents=True)
    assert len(str(project)) > 110
    with running(project) as run:
        assert run.says(UP)


def test_two_clones_at_once(folder: Path) -> None:
    (folder / "one").mkdir()
    (folder / "two").mkdir()
    with running(folder / "one", first=TELL) as one, running(folder / "two", first=TELL) as two:
        first, second = environment(one), environment(two)
    for name in ("DATABASE_URL", "REDIS_URL"):
        assert urlsplit(first[name]).port != urlsplit(second[name]).port
        assert urlsplit(first[name]).password != urlsplit(second[name]).password


def test_a_server_whose_port_was_taken_chooses_another(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        for name in ("postgres.port", "valkey.port"):
            Home.of_project(project).keep(name, str(taken))
        with running(project, first=TELL) as run:
            told = environment(run)
    assert taken not in (urlsplit(told["DATABASE_URL"]).port, urlsplit(told["REDIS_URL"]).port)


def test_with_a_database_url_no_postgresql_of_ours_starts(folder: Path) -> None:
    with running(folder, first=TELL, DATABASE_URL="postgres://elsewhere/x") as run:
        assert environment(run)["DATABASE_URL"] == "postgres://elsewhere/x"
        assert (folder / ".dracarys" / "valkey").exists()
        assert not (folder / ".dracarys" / "postgres-18").exists()


def test_a_crashed_database_is_recovered(project: Path) -> None:
    with running(project, first=TELL) as run:
        told = environment(run)
        with psycopg.connect(told["DATABASE_URL"], autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7")
        os.kill(pid_of(project, "postgres-18/postmaster.pid"), signal.SIGKILL)
        assert run.ends() == 1  # so soon after its start it is not tried again
        assert "PostgreSQL was killed by SIGKILL only" in run.text()
    with running(project) as run:
        assert run.says(UP)
        with psycopg.connect(told["DATABASE_URL"]) as connection:
            assert connection.execute("SELECT * FROM kept").fetchone() == (7,)


def test_the_number_of_a_dead_server_is_somebody_elses_now(project: Path) -> None:
    pid_file = project / ".dracarys/postgres-18/postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n{pid_file.parent}\n")
    with running(project) as run:
        assert run.says(UP)


@root_only
def test_root_gives_the_servers_to_another_account(project: Path) -> None:
    with running(project) as run:
        assert run.says(UP)
        for file in ("postgres-18/postmaster.pid", "valkey/valkey.pid"):
            assert Path(f"/proc/{pid_of(project, file)}").stat().st_uid != 0


@root_only
def test_a_folder_that_the_servers_may_not_enter(folder: Path) -> None:
    folder.chmod(0o700)
    home = Home.of_project(folder)
    assert home.path.parent == Path("/var/lib")
    with running(folder) as run:
        assert run.says(UP)
        assert home.path.exists()
    commands.reset(folder)
    assert not home.path.exists()
    assert not (folder / ".dracarys").exists()
