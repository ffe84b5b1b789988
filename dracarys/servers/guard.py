"""The guard: ends what a killed parent left behind.

It is a program of its own (standard library only, started with `-I -S`), whose standard input is a pipe
from the process that started the servers. That one tells it what it starts and what has ended; when it
dies, by whatever signal, the pipe closes and the guard stops the rest in order. Nothing of the kernel but
pipes is needed, so it works where PR_SET_PDEATHSIG does not exist.

Lines: `start <pid> <stage> <signal> <is a group>`, `end <pid>`, `remove <folder>`.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable
from typing import NamedTuple

PATIENCE = 5.0


class Charge(NamedTuple):
    """One process to end: lower stages first, with its polite signal before SIGKILL."""

    pid: int
    stage: int
    signal: int
    is_group: bool


def send(charge: Charge, number: int) -> bool:
    """Signal the group (or the one process); False when nobody is there any more."""
    try:
        (os.killpg if charge.is_group else os.kill)(charge.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a zombie
        return False
    return True


def stop(charges: list[Charge]) -> None:
    """Ask the leaders, wait for the whole groups, then insist."""
    for charge in charges:
        send(charge._replace(is_group=False), charge.signal)
    deadline = time.monotonic() + PATIENCE
    while any(send(charge, 0) for charge in charges) and time.monotonic() < deadline:
        time.sleep(0.02)
    for charge in charges:
        send(charge, signal.SIGKILL)


def listen(lines: Iterable[str]) -> tuple[list[Charge], list[str]]:
    """Follow the parent's account until it falls silent: (processes left, folders to remove)."""
    charges: dict[int, Charge] = {}
    folders: list[str] = []
    for line in lines:
        verb, _, rest = line.rstrip("\n").partition(" ")
        if verb == "start":
            pid, stage, number, is_group = (int(word) for word in rest.split())
            charges[pid] = Charge(pid, stage, number, bool(is_group))
        elif verb == "end":
            charges.pop(int(rest), None)
        elif verb == "remove":
            folders.append(rest)
    return list(charges.values()), folders


def main() -> None:
    """Outlive every polite signal: only the parent's end counts."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    charges, folders = listen(sys.stdin)
    for stage in sorted({charge.stage for charge in charges}):
        stop([charge for charge in charges if charge.stage == stage])
    if folders:
        import shutil

        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
