"""What runs on top of the servers."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dracarys.servers.home import Home

# Warnings that are right elsewhere: in a container there may be nobody but root, and nothing is collected
# into the folder of static files here.
CALM = {
    "web": "ignore:No directory at",
    "worker": "ignore:You're running the worker with superuser privileges",
}


@dataclass(frozen=True)
class Program:
    """A command with a name for its lines; with a port it counts as started once it listens there."""

    name: str
    command: Sequence[str]
    port: int | None = None


def prepare(project: Path) -> Program:
    """Migrates, loads the course and the demo people; runs to its end before the others start."""
    return Program("prepare", [sys.executable, str(project / "manage.py"), "prepare"])


def site(home: Home, port: int) -> list[Program]:
    """Web, worker and beat. By module, not by script: a script's first line cannot hold every path."""
    web = f"granian --interface wsgi --workers 2 --blocking-threads 2 --host 127.0.0.1 --port {port}"
    # One that was killed is replaced; without that word granian ends the other as well.
    web += " --log-level warning --workers-kill-timeout 5 --respawn-failed-workers dracarys.wsgi:application"
    worker = "celery -A dracarys --quiet worker -l warning -c 2 --without-gossip --without-mingle"
    beat = "celery -A dracarys --quiet beat -l warning -s"
    python = [sys.executable]
    return [
        Program("web", [*python, "-W", CALM["web"], "-m", *web.split()], port),
        Program("worker", [*python, "-W", CALM["worker"], "-m", *worker.split()]),
        Program("beat", [*python, "-m", *beat.split(), str(home.path / "celerybeat-schedule")]),
    ]
