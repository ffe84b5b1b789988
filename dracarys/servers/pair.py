"""PostgreSQL and Valkey together, for a project or for a test run."""

import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from dracarys.servers.family import Family
from dracarys.servers.home import Home, reachable, server_account
from dracarys.servers.postgres import Postgres
from dracarys.servers.server import Server
from dracarys.servers.trouble import TroubleError
from dracarys.servers.valkey import Valkey

DEFAULT_MAJOR = 18


def wanted_major(environ: Mapping[str, str]) -> int:
    """The major version of PostgreSQL from DRACARYS_PG_MAJOR; each has its own data."""
    text = environ.get("DRACARYS_PG_MAJOR") or str(DEFAULT_MAJOR)
    if text not in ("16", "18"):
        raise TroubleError(f"DRACARYS_PG_MAJOR is {text}: it can be 16 or 18.")
    return int(text)


class Servers:
    """The servers of a project; one whose URL is in the environment already is not ours to start."""

    def __init__(self, home: Home, family: Family, environ: Mapping[str, str]) -> None:
        self.mine: dict[str, Postgres | Valkey] = {}
        if not environ.get("DATABASE_URL"):
            self.mine["DATABASE_URL"] = Postgres(home, family, wanted_major(environ))
        if not environ.get("REDIS_URL"):
            self.mine["REDIS_URL"] = Valkey(home, family)

    def start(self) -> None:
        """Start both; they answer when it returns."""
        for server in self.mine.values():
            server.start()

    def stop(self) -> None:
        """End both."""
        for server in self.mine.values():
            server.stop()

    def urls(self) -> dict[str, str]:
        """Environment variables: the URLs of those that are ours."""
        return {name: server.url for name, server in self.mine.items()}

    def ended(self) -> list[Server]:
        """Those that ended by themselves."""
        return [
            server for server in self.mine.values() if server.process and server.process.poll() is not None
        ]


class TemporaryServers:
    """Both servers in a throw-away folder; each can be stopped and started to see what the site does then.

    `database_url` logs in as the site does, `superuser_url` as PostgreSQL's superuser.
    """

    def __init__(self, home: Home, family: Family, major: int) -> None:
        self._postgres = Postgres(home, family, major, durable=False)
        self._valkey = Valkey(home, family, durable=False)
        self._postgres.start()
        self._valkey.start()
        self.database_url = self._postgres.url
        self.superuser_url = self._postgres.superuser_url
        self.redis_url = self._valkey.url

    def stop_postgres(self) -> None:
        """End PostgreSQL at once, clients or no clients."""
        self._postgres.stop()

    def crash_postgres(self) -> None:
        """End PostgreSQL as a power cut would, in the middle of whatever it does."""
        self._postgres.stop(signal.SIGQUIT)

    def start_postgres(self) -> None:
        """Start PostgreSQL again with its data, on the same port."""
        self._postgres.restart()

    def stop_valkey(self) -> None:
        """End Valkey."""
        self._valkey.stop()

    def start_valkey(self) -> None:
        """Start Valkey again, empty, on the same port."""
        self._valkey.restart()

    def stop(self) -> None:
        """End both."""
        self._valkey.stop()
        self._postgres.stop()


@contextmanager
def temporary(home: Path, major: int = DEFAULT_MAJOR) -> Iterator[TemporaryServers]:
    """PostgreSQL and Valkey for a test run: nothing is synced to the disk, and everything goes at the end.

    `home` must be missing or empty; the guard removes it, also when we are killed. When root's servers
    may not enter it (pytest's folders are private) they live in the system's temporary folder instead.
    """
    if home.exists() and any(home.iterdir()):
        raise TroubleError(f"{home} is not empty: temporary servers want a folder that they may remove.")
    home.parent.mkdir(parents=True, exist_ok=True)
    home = home.resolve()
    account = server_account(home.parent)
    if not reachable(home.parent, account):
        home = Path(tempfile.mkdtemp(prefix="dracarys-"))
    with Family(throw_away=home) as family:
        place = Home(home, account)
        place.make()
        servers = TemporaryServers(place, family, major)
        try:
            yield servers
        finally:
            servers.stop()
