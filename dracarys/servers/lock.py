"""One run in a folder at a time, and what it tells the commands that join it."""

import contextlib
import fcntl
import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

from dracarys.servers.family import command_line
from dracarys.servers.home import Home
from dracarys.servers.trouble import TroubleError

# A killed run's guard holds the lock until it has stopped everything.
CLEANING_SECONDS = 30.0
STARTING_SECONDS = 60.0


class Lock:
    """The lock of a data folder; the kernel frees it when the last holder ends."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.descriptor = os.open(home.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)

    def take(self) -> bool:
        """True when it is ours now. Waits while a killed run is being cleaned up, not for a living one."""
        deadline = time.monotonic() + CLEANING_SECONDS
        while True:
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.truncate(self.descriptor, 0)
                os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)
                return True
            if command_line(self.holder()) or time.monotonic() > deadline:
                return False
            time.sleep(0.05)

    def holder(self) -> int:
        """The process that took it last."""
        with contextlib.suppress(ValueError):
            return int(os.pread(self.descriptor, 20, 0))
        return 0

    def release(self) -> None:
        """Free it, also for the guard, which has the same open file."""
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        os.close(self.descriptor)


@contextlib.contextmanager
def exclusive(home: Home) -> Iterator[Lock]:
    """Hold the folder, or say in one sentence who does."""
    lock = Lock(home)
    if not lock.take():
        raise TroubleError(
            f"Dracarys runs in this folder already (process {lock.holder()}): stop that one first."
        )
    try:
        yield lock
    finally:
        lock.release()


def announce(home: Home, environment: dict[str, str]) -> None:
    """Leave the environment of this run for `exec` to join."""
    home.keep("run.json", json.dumps({"pid": os.getpid(), "environment": environment}))


def withdraw(home: Home) -> None:
    """The servers are about to stop."""
    (home.path / "run.json").unlink(missing_ok=True)


def environment_of(home: Home, pid: int) -> dict[str, str]:
    """The environment of the run of process `pid`, once its servers have started."""
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            run = json.loads(Path(home.path / "run.json").read_text())
            if run["pid"] == pid:
                return {str(name): str(value) for name, value in run["environment"].items()}
        if not command_line(pid):
            break
        time.sleep(0.05)
    raise TroubleError(f"Process {pid} holds this folder and does not start its servers: stop it first.")
