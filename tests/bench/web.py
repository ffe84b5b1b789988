"""Web servers under the bench: the site or the bare site, behind whichever program is compared."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from dracarys.servers.family import Process
from tests.bench.figures import FOLDER, ROOT
from tests.bench.house import House
from tests.bench.load import Request, Seen, ask
from tests.bench.machine import cpu_seconds
from tests.servers.runs import eventually, free_port

SITE, BARE = "dracarys.wsgi:application", "tests.bench.bare.wsgi:application"
BARE_DATABASE = "bench_bare"


def granian(workers: int = 2, threads: int = 2) -> str:
    """The command of docs/deploy.md."""
    size = f"--workers {workers} --blocking-threads {threads} --backpressure 64"
    rest = "--host 127.0.0.1 --log-level warning --workers-kill-timeout 5 --port"
    return f"granian --interface wsgi --no-ws {size} {rest}"


def gunicorn(kind: str, workers: int = 2, threads: int = 1) -> str:
    """`kind` is the class of its workers: sync, or gthread with keep-alive."""
    size = f"--workers {workers} --worker-class {kind} --threads {threads}"
    return f"gunicorn {size} --log-level warning --bind"


@dataclass(frozen=True, slots=True)
class Cost:
    """What asking cost: milliseconds of processor time a request, of the server and of its database."""

    web: float
    database: float
    seen: Seen

    @property
    def total(self) -> float:
        return self.web + self.database


@dataclass(frozen=True, slots=True)
class Web:
    """A running server."""

    url: str
    process: Process
    postgres_pid: int

    def cost(self, requests: Sequence[Request], *, times: int, connections: int = 4) -> Cost:
        """Ask, and see what it cost."""
        web, database = cpu_seconds(self.process.pid), cpu_seconds(self.postgres_pid)
        seen = ask(self.url, requests, times=times, connections=connections)
        web, database = cpu_seconds(self.process.pid) - web, cpu_seconds(self.postgres_pid) - database
        return Cost(web * 1000 / times, database * 1000 / times, seen)


@contextmanager
def serving(
    house: House, database: str, *, application: str = SITE, command: str = "", **environment: str
) -> Iterator[Web]:
    """A server that answers; ended with the block."""
    port, words = free_port(), (command or granian()).split()
    where = f"127.0.0.1:{port}" if words[0] == "gunicorn" else str(port)
    with (FOLDER / "web.log").open("ab") as log:
        process = house.family.start(
            [sys.executable, "-m", *words, where, application],
            stop_signal=signal.SIGTERM,
            env=house.environment(database, **environment),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    web = Web(f"http://127.0.0.1:{port}", process, house.postgres_pid)
    try:
        if not eventually(lambda: _listens(port)):
            raise RuntimeError(f"{words[0]} does not answer: see {FOLDER / 'web.log'}")
        yield web
    finally:
        # Politely, or the time that its workers took would count as somebody else's.
        house.family.stop(process, signal.SIGTERM, 20)


@contextmanager
def serving_bare(house: House, command: str = "", **environment: str) -> Iterator[tuple[Web, Request]]:
    """The bare site, and how to ask for its page as somebody who is signed in."""
    bare = {**environment, "DJANGO_SETTINGS_MODULE": "tests.bench.bare.settings"}
    with house.superuser() as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [BARE_DATABASE])
        if found.fetchone() is None:
            server.execute(f"CREATE DATABASE {BARE_DATABASE} OWNER dracarys")
    prepared = subprocess.run(
        [sys.executable, "-m", "tests.bench.bare"],
        env=house.environment(BARE_DATABASE, **bare),
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    with serving(house, BARE_DATABASE, application=BARE, command=command, **bare) as web:
        yield web, Request("/", cookie=prepared.stdout)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
