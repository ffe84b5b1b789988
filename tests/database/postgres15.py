"""PostgreSQL 15 of the operating system, for as long as a test needs it."""

import os
import pwd
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
OPTIONS = "-c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories="


def installed() -> bool:
    return (PROGRAMS / "postgres").exists()


@contextmanager
def postgres15() -> Iterator[str]:
    """A throw-away cluster; the superuser's URL."""
    with tempfile.TemporaryDirectory(prefix="dracarys-15-") as folder, socket.socket() as probe:
        account = _unprivileged(Path(folder))
        data = Path(folder) / "data"
        _run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", **account)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        log = Path(folder) / "log"
        _run("pg_ctl", "-D", data, "-l", log, "-w", "-o", f"-p {port} {OPTIONS}", "start", **account)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run("pg_ctl", "-D", data, "-m", "immediate", "stop", **account)


def _run(program: str, *arguments: str | Path, **account: Any) -> None:
    command = [PROGRAMS / program, *arguments]
    # The server that pg_ctl starts would keep a pipe open.
    subprocess.run(
        command, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, **account
    )


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Root gives the folder away: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def version(url: str) -> int:
    """The major version of the server there."""
    with psycopg.connect(url) as database:
        return database.info.server_version // 10_000
