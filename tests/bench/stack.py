"""The zero-setup stack in a folder of its own: how long it takes to start, to start again, and its memory."""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.figures import FOLDER, ROOT, Figure, at_most, told
from tests.bench.house import House
from tests.bench.machine import memory_mb, tree
from tests.faults.site import Browser
from tests.servers.runs import clean_environment, eventually, free_port

TITLE = "The zero-setup stack, as `make run` starts it"
PAGES = ("/dashboard/", "/path/", "/learn/1/1/1/", "/leaderboards/weekly/", "/me/", "/achievements/")
VISITS = 5
LEFT_OUT = (".venv", ".git", ".bench", ".dracarys", ".*_cache", ".hypothesis", "__pycache__", "tests")


def measure(house: House) -> list[Figure]:
    with copied() as project:
        first, _ = started(project)
        again, (memory, processes) = started(project)
    return [
        at_most("first start, data and demo people included", first, 15, "s"),
        at_most("start again", again, 5, "s"),
        at_most("memory of all processes (PSS) after some visits", memory, 700, "MB"),
        told("processes", processes),
    ]


@contextmanager
def copied() -> Iterator[Path]:
    """The project in a folder that the servers' account may enter; gone after the block."""
    folder = Path(tempfile.mkdtemp(prefix="dracarys-bench-"))
    folder.chmod(0o711)
    try:
        project = folder / "project"
        shutil.copytree(ROOT, project, ignore=shutil.ignore_patterns(*LEFT_OUT))
        yield project
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def started(project: Path) -> tuple[float, tuple[float, int]]:
    """Start, look around, stop: seconds until the first page; memory of all in MB, and how many they are."""
    port = free_port()
    environment = clean_environment(PORT=str(port), PYTHONPATH="", DRACARYS_ZERO_SETUP="", DEBUG="")
    begin = time.monotonic()
    with (FOLDER / "stack.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dracarys.servers", "run"],
            cwd=project,
            env={name: value for name, value in environment.items() if value},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        browser = Browser(f"http://127.0.0.1:{port}")
        if not eventually(lambda: answers(browser)):
            raise RuntimeError(f"The site did not answer: see {FOLDER / 'stack.log'}")
        seconds = time.monotonic() - begin
        visit(browser)
        return seconds, (memory_mb(process.pid), len(tree(process.pid)))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def answers(browser: Browser) -> bool:
    try:
        return browser.get("/").status == 200
    except OSError:
        return False


def visit(browser: Browser) -> None:
    """Somebody signs in and looks around, so that everything that is loaded late is loaded."""
    browser.sign_in()
    for page in PAGES * VISITS:
        if browser.get(page).status != 200:
            raise RuntimeError(f"{page} did not answer.")
