"""The supervisor with tiny programs: lines, deaths, and the sentences about the machine."""

import os
import signal
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dracarys.servers.restarts import Restarts
from tests.servers.runs import (
    ELSEWHERE,
    RUNNER,
    SLEEPER,
    UP,
    WEB,
    all_gone,
    clean_environment,
    descendants,
    free_port,
    running,
)

DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
NOBODY = 65534


def said(folder: Path, **options: str) -> str:
    """The one sentence of a run that refuses to start."""
    with running(folder, **{**ELSEWHERE, **options}) as run:
        assert run.ends() == 1
        assert run.text().count("\n") == 1, run.text()
        return run.text()


def test_what_the_processes_are_told(folder: Path) -> None:
    tell = (
        "import os; print(*[os.environ.get(name) for name in ('SECRET_KEY', 'DRACARYS_ZERO_SETUP', 'DEBUG',"
    )
    tell += " 'DJANGO_SETTINGS_MODULE', 'PYTHONUNBUFFERED', 'MAILBOX_PATH')], sep='|')"
    with running(folder, first=tell, **ELSEWHERE, SECRET_KEY="mine") as run:
        assert run.says(UP)
    mail = folder.resolve() / ".dracarys" / "mail"
    assert f"mine|1|None|None|1|{mail}\n" in run.text()
    assert stat.S_IMODE(mail.stat().st_mode) == 0o700
    assert not [*(folder / ".dracarys").glob("*.port")]


def test_lines_carry_the_name_of_their_process(folder: Path) -> None:
    worker = "import sys; sys.stdout.buffer.write(b'\\xff whole\\nno end'); sys.stdout.flush()\n" + SLEEPER
    with running(folder, worker=worker, **ELSEWHERE) as run:
        assert run.says("worker | \ufffd whole\n")
        assert "prepared\n" in run.text()
    assert "worker | no end\n" in run.text()


def test_a_failed_preparation_stops_the_run(folder: Path) -> None:
    with running(folder, first="import sys; sys.exit('no course')", **ELSEWHERE) as run:
        assert run.ends() == 1
    assert "no course\nThe step 'prepare' ended with exit code 1" in run.text()


def test_a_child_that_dies_at_its_start_stops_everything(folder: Path) -> None:
    with running(folder, worker="import os; print('broken'); os._exit(3)", **ELSEWHERE) as run:
        started = descendants(run.process.pid)
        assert run.ends() == 1
        assert all_gone(started)
    assert "worker ended with exit code 3 only 0 seconds after its start" in run.text()


def test_signals_during_the_preparation(folder: Path) -> None:
    first = "import time; print('preparing', flush=True); time.sleep(600)"
    with running(folder, first=first, **ELSEWHERE) as run:
        assert run.says("preparing")
        started = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        assert run.ends() == 0
        assert all_gone(started)


def test_a_second_signal_insists(folder: Path) -> None:
    with running(folder, worker=DEAF + "print('deaf', flush=True)\n" + SLEEPER, **ELSEWHERE) as run:
        assert run.says("deaf")
        assert run.says(UP)
        started = descendants(run.process.pid)
        run.process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            run.process.wait(1)
        run.process.send_signal(signal.SIGINT)
        assert run.ends(5) == 0
        assert all_gone(started)


def test_what_a_dead_child_leaves_behind_ends_too(folder: Path) -> None:
    worker = (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    )
    with running(folder, worker=worker + SLEEPER, web=WEB, **ELSEWHERE) as run:
        assert run.says(UP)
        started = descendants(run.process.pid)
        run.process.send_signal(signal.SIGTERM)
        assert run.ends() == 0
        assert all_gone(started)


def test_the_reader_of_our_lines_goes_away(folder: Path) -> None:
    """`make run | head` ends, instead of running on unseen."""
    worker = "import time\nwhile True: print('on', flush=True); time.sleep(.05)"
    command = [sys.executable, "-c", RUNNER, str(folder), "", WEB, worker]
    environment = clean_environment(**ELSEWHERE, PORT=str(free_port()))
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout
        assert run.stderr
        assert run.stdout.readline()
        run.stdout.close()
        assert run.wait(20) == 0
        assert run.stderr.read() == b""


def test_a_second_run_in_the_same_folder(folder: Path) -> None:
    with running(folder, **ELSEWHERE) as run:
        assert run.says(UP)
        assert (
            said(folder)
            == f"Dracarys runs in this folder already (process {run.process.pid}): stop that one first.\n"
        )


def test_a_taken_port(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert said(folder, PORT=str(port)).startswith(f"Port {port} is taken: choose another with `PORT=")


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "²"])
def test_a_port_that_is_none(folder: Path, port: str) -> None:
    assert "it must be a number between 1 and 65535" in said(folder, PORT=port)


def test_a_major_version_that_the_wheel_does_not_hold(folder: Path) -> None:
    assert (
        said(folder, DRACARYS_PG_MAJOR="17", DATABASE_URL="")
        == "DRACARYS_PG_MAJOR is 17: it can be 16 or 18.\n"
    )


def test_a_folder_that_cannot_be_written(folder: Path) -> None:
    """A file is in the way: the only such folder that stops root as well."""
    (folder / ".dracarys").touch()
    assert str(folder / ".dracarys") in said(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make something belong to somebody else")
def test_data_that_belongs_to_somebody_else(folder: Path) -> None:
    (folder / ".dracarys").mkdir()
    os.chown(folder / ".dracarys", NOBODY, NOBODY)
    assert "belongs to nobody: run as that user" in said(folder)


@pytest.mark.skipif(os.geteuid() != 0, reason="root becomes somebody who may not write there")
def test_an_ordinary_user_in_a_folder_that_is_not_theirs(folder: Path) -> None:
    become = f"import os; os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})"
    # Everything is imported before: root's interpreter may lie where nobody else can read.
    code = RUNNER.replace("def python", f"{become}\n\ndef python")
    result = subprocess.run(
        [sys.executable, "-c", code, str(folder), "", "", ""],
        env=clean_environment(**ELSEWHERE),
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    assert result.stderr.startswith(f"nobody may not use {folder.resolve() / '.dracarys'}")


def test_a_death_is_forgiven_unless_it_comes_early_or_often() -> None:
    restarts = Restarts()
    assert restarts.verdict(started=0, died=9.9) == "only 10 seconds after its start"
    assert [restarts.verdict(started=0, died=20 + second) for second in range(5)] == [None] * 5
    assert restarts.verdict(started=0, died=26) == "for the 6th time in a minute"
    assert restarts.verdict(started=0, died=200) is None
