"""`exec` and `reset`: commands beside a run, or without one."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dracarys.servers import TroubleError, commands
from dracarys.servers.home import Home
from tests.servers.runs import UP, all_gone, clean_environment, descendants, eventually, running

EXECUTE = """
import os, sys
from pathlib import Path
from dracarys.servers import commands
sys.exit(commands.execute(Path(sys.argv[1]), os.environ, sys.argv[2:]))
"""
SHOW_DATABASE = (
    "import os, psycopg; psycopg.connect(os.environ['DATABASE_URL']); print(os.environ['DATABASE_URL'])"
)


def command(project: Path, code: str) -> list[str]:
    return [sys.executable, "-c", EXECUTE, str(project), sys.executable, "-W", "ignore", "-c", code]


def started(project: Path, code: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(project, code), env=clean_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    )


def execute(project: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(project, code), env=clean_environment(), capture_output=True, text=True)


def test_a_command_has_the_servers_and_keeps_its_exit_code(project: Path) -> None:
    result = execute(project, f"{SHOW_DATABASE}; raise SystemExit(7)")
    assert result.returncode == 7, result.stderr
    assert result.stdout.startswith("postgres://dracarys:")


def test_a_command_beside_a_run_uses_its_servers(project: Path) -> None:
    first = "import os; print('url', os.environ['DATABASE_URL'])"
    with running(project, first=first) as run:
        assert run.says(UP)
        assert f"url {execute(project, SHOW_DATABASE).stdout}" in run.text()
        assert run.process.poll() is None
        with pytest.raises(TroubleError, match="runs in this folder already"):
            commands.reset(project)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_reaches_the_command(project: Path, number: signal.Signals) -> None:
    code = "import signal, sys, time\nfor n in (1, 2, 15): signal.signal(n, lambda n, _: sys.exit(40 + n))\n"
    code += "print('up', flush=True); time.sleep(600)"
    environment = clean_environment()
    with subprocess.Popen(
        command(project, code), env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        running_now = descendants(process.pid)
        process.send_signal(number)
        assert process.wait(20) == 40 + number
        assert all_gone(running_now)


def test_a_killed_command_leaves_nothing(project: Path) -> None:
    code = "import time; print('up', flush=True); time.sleep(600)"
    with started(project, code) as process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        running_now = descendants(process.pid)
        process.kill()
    assert eventually(lambda: all_gone(running_now))


def test_a_command_that_does_not_exist(project: Path) -> None:
    with pytest.raises(TroubleError, match="There is no command 'no-such-thing'"):
        commands.execute(project, clean_environment(DATABASE_URL="x", REDIS_URL="x"), ["no-such-thing"])


def test_reset_removes_the_data(folder: Path) -> None:
    Home.of_project(folder).make()
    commands.reset(folder)
    assert not (folder / ".dracarys").exists()
    commands.reset(folder)
