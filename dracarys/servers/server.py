"""What PostgreSQL and Valkey have in common: a log, a port, and waiting until they answer."""

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, ClassVar

from dracarys.servers.family import Family, Process, reap
from dracarys.servers.home import Home
from dracarys.servers.trouble import TroubleError

BARE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
PORT_TAKEN = "Address already in use"
DISK_FULL = "No space left on device"
# The processes of a PostgreSQL that was killed need a moment to notice.
PREDECESSOR_ALIVE = "pre-existing shared memory block"
PORTS_TO_TRY = 5
PATIENCE = 10.0


class PortTakenError(Exception):
    """Somebody else listens on the port."""


class PredecessorAliveError(Exception):
    """What a killed server left behind has not ended yet."""


@dataclass(frozen=True)
class LogTail:
    """What a server has written to its log since `offset`."""

    path: Path
    offset: int

    @classmethod
    def begin(cls, path: Path) -> "LogTail":
        """The part of the log that is still to be written."""
        return cls(path, path.stat().st_size if path.exists() else 0)

    def text(self) -> str:
        """All of it."""
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read().decode(errors="replace")

    def reason(self) -> str:
        """The line that says what is wrong: the first fatal one, else the last."""
        lines = [line.strip() for line in self.text().splitlines() if line.strip()]
        fatal = [line for line in lines if "FATAL" in line or "PANIC" in line]
        return (fatal[:1] or lines[-1:] or ["it wrote nothing to its log"])[0]


class Server(ABC):
    """One server in the data folder; `start` once, then `stop` and `restart` any number of times."""

    name: ClassVar[str]  # as people say it
    key: ClassVar[str]  # of its log and its port
    stop_signal: ClassVar[int]
    startup_seconds: ClassVar[float]
    shutdown_seconds: ClassVar[float]

    def __init__(self, home: Home, family: Family) -> None:
        self.home, self.family = home, family
        self.process: Process | None = None
        self.started = 0.0  # on the monotonic clock

    @property
    @abstractmethod
    def pid_file(self) -> Path:
        """Where the server writes its number, in its own data folder."""

    @abstractmethod
    def _launch(self, log: BinaryIO) -> Process:
        """Start the program."""

    @abstractmethod
    def _is_ready(self) -> bool:
        """Does our process (and not another on the same port) answer?"""

    @property
    def port(self) -> int:
        """Its port on loopback."""
        return self.home.port(self.key)

    def start(self) -> None:
        """Start, on another port when somebody took ours; returns when it answers."""
        reap(self.pid_file, self.stop_signal)
        for _ in range(PORTS_TO_TRY):
            try:
                return self._start()
            except PortTakenError:
                self.home.forget_port(self.key)
        raise TroubleError(f"{self.name} found every port taken that it tried.")

    def restart(self) -> None:
        """Start again on the same port, whose URL is in use; a killed server frees its port in a moment."""
        reap(self.pid_file, self.stop_signal)
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self._start()
            except PortTakenError as error:
                if time.monotonic() > deadline:
                    raise TroubleError(
                        f"Somebody took port {self.port} while {self.name} was away."
                    ) from error
                time.sleep(0.1)

    def stop(self, how: int | None = None) -> None:
        """End it, clients or no clients; the data stays. `how` is another signal than its own."""
        if self.process:
            self.family.stop(self.process, how or self.stop_signal, self.shutdown_seconds)
            self.process = None

    def _start(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            with self.home.log(self.key) as log:
                tail = LogTail.begin(self.home.path / f"{self.key}.log")
                self.started = time.monotonic()
                self.process = self._launch(log)
            try:
                return self._wait(self.process, tail)
            except PredecessorAliveError as error:
                self.stop()
                if time.monotonic() > deadline:
                    raise TroubleError(f"What a killed {self.name} left behind does not end.") from error
                time.sleep(0.1)
            except BaseException:
                self.stop()
                raise

    def _wait(self, process: Process, log: LogTail) -> None:
        deadline = time.monotonic() + self.startup_seconds
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise self._explained(log)
            if self._is_ready():
                return
            time.sleep(0.01)
        raise TroubleError(
            f"{self.name} did not answer in {self.startup_seconds:.0f} seconds; see {log.path}."
        )

    def _explained(self, log: LogTail) -> Exception:
        text = log.text()
        if PORT_TAKEN in text:
            return PortTakenError(self.name)
        if PREDECESSOR_ALIVE in text:
            return PredecessorAliveError(self.name)
        if DISK_FULL in text:
            return TroubleError(f"The disk is full: {self.name} could not start in {self.home.path}.")
        return TroubleError(f"{self.name} could not start: {log.reason()} (its log is {log.path}).")
