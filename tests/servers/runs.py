"""A run of the supervisor in a process of its own, with tiny programs instead of the site."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
OURS = (
    "DJANGO_SETTINGS_MODULE",
    "DATABASE_URL",
    "REDIS_URL",
    "EMAIL_URL",
    "MAILBOX_PATH",
    "FILES_PATH",
    "SECRET_KEY",
    "PORT",
    "DRACARYS_PG_MAJOR",
)
UP = "Dracarys is at http://localhost:"
# With both URLs set nothing of ours is started: enough where only the supervisor is looked at.
ELSEWHERE = {"DATABASE_URL": "postgres://elsewhere/x", "REDIS_URL": "redis://elsewhere/0"}
RUNNER = """
import os, sys
from pathlib import Path
from dracarys.servers import TroubleError, commands
from dracarys.servers.programs import Program
from dracarys.servers.trouble import sentence

def python(name, code, port=None):
    return Program(name, [sys.executable, "-I", "-S", "-c", code], port)

try:
    commands.run(
        Path(sys.argv[1]),
        os.environ,
        first=python("prepare", sys.argv[2]),
        programs=lambda home, port: [python("web", sys.argv[3], port), python("worker", sys.argv[4])],
    )
except TroubleError as trouble:
    sys.exit(str(trouble))
except OSError as error:
    sys.exit(sentence(error))
"""
WEB = """
import os, socket, time
server = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
while True:
    client, _ = server.accept()
    client.close()
"""
SLEEPER = "import time; time.sleep(600)"


def clean_environment(**more: str) -> dict[str, str]:
    """Ours without what a zero-setup run would take from it."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return {**kept, "PYTHONPATH": str(REPOSITORY), **more}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def eventually(condition: Callable[[], object], seconds: float = 60) -> bool:
    """Poll until the condition holds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def processes() -> dict[int, int]:
    """The parent of every living process."""
    if Path("/proc/self/stat").exists():
        rows = [stat_of(path) for path in Path("/proc").glob("[0-9]*/stat")]
    else:
        listing = subprocess.run(
            ["ps", "-axo", "pid=,stat=,ppid="], capture_output=True, text=True, check=True
        )
        rows = [line.split() for line in listing.stdout.splitlines()]
    return {int(row[0]): int(row[2]) for row in rows if row and not row[1].startswith("Z")}


def stat_of(path: Path) -> list[str]:
    """Number, state and parent of a process; nothing when it has just ended."""
    try:
        number, rest = path.parent.name, path.read_text().rpartition(")")[2].split()
    except OSError:
        return []
    return [number, *rest[:2]]


def descendants(pid: int) -> set[int]:
    """All processes below one."""
    parents = processes()
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {pid}


def all_gone(pids: set[int]) -> bool:
    return not pids & processes().keys()


class Run:
    """One supervisor and what it has said so far."""

    def __init__(self, project: Path, first: str, web: str, worker: str, env: dict[str, str]) -> None:
        self.output = project / f"output-{free_port()}"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUNNER, str(project), first, web, worker],
                env=env,
                cwd=project,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def text(self) -> str:
        return self.output.read_text()

    def says(self, words: str) -> bool:
        """Wait for the words, but not after its end."""
        eventually(lambda: words in self.text() or self.process.poll() is not None)
        return words in self.text()

    def ends(self, seconds: float = 60) -> int:
        return self.process.wait(seconds)


@contextlib.contextmanager
def running(
    project: Path,
    *,
    first: str = "print('prepared')",
    web: str = WEB,
    worker: str = SLEEPER,
    **environment: str,
) -> Iterator[Run]:
    """A run that is ended at the latest when the block is left."""
    run = Run(project, first, web, worker, clean_environment(**{"PORT": str(free_port()), **environment}))
    try:
        yield run
    finally:
        if run.process.poll() is None:
            run.process.send_signal(signal.SIGTERM)
        try:
            run.process.wait(30)
        except subprocess.TimeoutExpired:
            run.process.kill()
            run.process.wait()
