"""Our own PostgreSQL: one cluster in the data folder, TCP on loopback, passwords required."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from dracarys.servers.binaries import postgres_installation
from dracarys.servers.family import SERVERS, Family, Process
from dracarys.servers.home import Home
from dracarys.servers.login import DATABASE, LOGIN, ensure_login
from dracarys.servers.server import BARE_ENVIRONMENT, DISK_FULL, Server
from dracarys.servers.trouble import TroubleError

SUPERUSER = "postgres"
# With plain C lower('Ä') stays as it is. 16 has no builtin provider and takes the system's C.UTF-8.
LOCALE = {
    16: ["--locale=C.UTF-8"],
    18: ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"],
}
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",  # its path has a limit of 107 bytes, and everybody could see it
    "timezone": "UTC",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "idle_in_transaction_session_timeout": "60s",
    "log_min_duration_statement": "100ms",
}
THROW_AWAY_SETTINGS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


class Postgres(Server):
    """The database server, major version 16 or 18; `durable=False` is faster and loses data in a crash.

    `settings` are PostgreSQL's own and come before ours.
    """

    name = "PostgreSQL"
    key = "postgres"
    stop_signal = signal.SIGINT  # SIGTERM would wait for every client to leave
    startup_seconds = 120  # after a crash it replays its log first
    shutdown_seconds = 20

    def __init__(
        self,
        home: Home,
        family: Family,
        major: int,
        *,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(home, family)
        self.major, self.durable = major, durable
        self.settings = SETTINGS | ({} if durable else THROW_AWAY_SETTINGS) | dict(settings or {})
        self.data = home.path / f"postgres-{major}"

    @cached_property
    def bin(self) -> Path:
        """The folder of its programs."""
        return postgres_installation(self.home, self.major) / "bin"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def url(self) -> str:
        """For the site: a plain login role that owns its database."""
        return self._url(LOGIN, self.home.secret("database-password"), DATABASE)

    @property
    def superuser_url(self) -> str:
        """For setting up, and for tests that need to see past row security."""
        return self._url(SUPERUSER, self.home.secret("superuser-password"), "postgres")

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgres://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start, making the cluster and the roles first where there are none."""
        if not (self.data / "PG_VERSION").exists():
            self._make_cluster()
        super().start()
        ensure_login(self.superuser_url, self.home.secret("database-password"))

    def _make_cluster(self) -> None:
        # Made elsewhere and renamed last, so that half a cluster never looks like one.
        for leftover in self.home.path.glob("making-*"):
            shutil.rmtree(leftover)
        making = self.home.folder(f"making-{os.getpid()}")
        password_file = making / "password"
        password_file.touch(0o600)
        password_file.write_text(self.home.secret("superuser-password"))
        self.home.own(password_file)
        command: list[str | Path] = [
            self.bin / "initdb",
            "-D",
            making / "data",
            "-U",
            SUPERUSER,
            "--pwfile",
            password_file,
        ]
        command += ["-A", "scram-sha-256", "-E", "UTF8", *LOCALE[self.major], "--no-instructions"]
        if not self.durable:
            command += ["--no-sync", "--wal-segsize=1"]  # 15 MB less to write and to remove
        output = self.family.run(command, account=self.home.account, cwd="/", env=BARE_ENVIRONMENT)
        if output is not None:
            shutil.rmtree(making)
            raise self._not_made(output)
        (making / "data").rename(self.data)
        shutil.rmtree(making)

    def _not_made(self, output: str) -> TroubleError:
        if DISK_FULL in output:
            return TroubleError(
                f"The disk is full: {self.name} could not make its files in {self.home.path}."
            )
        errors = [line for line in output.splitlines() if "error" in line or "FATAL" in line]
        return TroubleError(
            f"{self.name} could not make its files: {' '.join(errors or output.split())[:500]}"
        )

    def _launch(self, log: BinaryIO) -> Process:
        command: list[str | Path] = [self.bin / "postgres", "-D", self.data, "-p", str(self.port)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        return self.family.start(
            command,
            stop_signal=self.stop_signal,
            stage=SERVERS,
            account=self.home.account,
            cwd="/",
            env=BARE_ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )

    def _is_ready(self) -> bool:
        # Line 1 is the server's number and line 8 its state; a file of the run before has another number.
        try:
            lines = self.pid_file.read_text().splitlines()
            return (
                self.process is not None and int(lines[0]) == self.process.pid and lines[7].strip() == "ready"
            )
        except (OSError, IndexError, ValueError):
            return False
