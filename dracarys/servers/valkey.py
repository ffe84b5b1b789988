"""Our own Valkey (it speaks Redis): an append-only file in the data folder, loopback, a password."""

import contextlib
import signal
import socket
import tempfile
from pathlib import Path
from typing import BinaryIO

from dracarys.servers.binaries import valkey_binary
from dracarys.servers.family import SERVERS, Family, Process
from dracarys.servers.home import Home
from dracarys.servers.server import BARE_ENVIRONMENT, Server


class Valkey(Server):
    """The cache and the queue; with `durable=False` nothing of it is on the disk."""

    name = "Valkey"
    key = "valkey"
    stop_signal = signal.SIGTERM
    startup_seconds = 60  # it reads the whole append-only file first
    shutdown_seconds = 10

    def __init__(self, home: Home, family: Family, *, durable: bool = True) -> None:
        super().__init__(home, family)
        self.durable = durable
        self.data = home.path / "valkey"

    @property
    def pid_file(self) -> Path:
        return self.data / "valkey.pid"

    @property
    def url(self) -> str:
        """Database 0 of the server."""
        return f"redis://:{self._password}@127.0.0.1:{self.port}/0"

    @property
    def _password(self) -> str:
        return self.home.secret("valkey-password")

    def _configuration(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f'requirepass "{self._password}"',
            f"appendonly {'yes' if self.durable else 'no'}",
            'save ""',
            "maxmemory-policy noeviction",  # a queue must not lose its oldest tasks
            "loglevel warning",
            "set-proc-title no",  # its command line says whose it is
        ]
        return "\n".join(lines) + "\n"

    def _launch(self, log: BinaryIO) -> Process:
        self.home.folder(self.data.name)
        command: list[str | Path] = [
            valkey_binary(self.home),
            "--dir",
            self.data,
            "--pidfile",
            self.pid_file,
            "-",
        ]
        # As standard input: no file with the password, and none on the command line.
        with tempfile.TemporaryFile() as configuration:
            configuration.write(self._configuration().encode())
            configuration.seek(0)
            return self.family.start(
                command,
                stop_signal=self.stop_signal,
                stage=SERVERS,
                account=self.home.account,
                cwd="/",
                env=BARE_ENVIRONMENT,
                stdin=configuration,
                stdout=log,
                stderr=log,
            )

    def _is_ready(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as client:
            client.sendall(f"AUTH {self._password}\r\nPING\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 2 and (part := client.recv(99)):
                answer += part
            return b"+PONG" in answer  # "LOADING" is an answer too, and means not yet
        return False
