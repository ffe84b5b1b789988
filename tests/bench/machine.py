"""What the kernel says of processes: processor time, memory, and how much of the machine is somebody else's.

Linux only: macOS has no /proc.
"""

import os
import time
from pathlib import Path
from types import TracebackType

from tests.servers.runs import descendants

TICK = os.sysconf("SC_CLK_TCK")
# Above this many busy processors of others, times are guesses.
TOLERATED = 0.15


def tree(pid: int) -> set[int]:
    return {pid} | descendants(pid)


def cpu_seconds(*roots: int) -> float:
    """Processor time of these processes, their descendants, and those of them that have ended."""
    return sum(_ticks(pid) for root in roots for pid in tree(root)) / TICK


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    # utime, stime, and both of children that were waited for: fields 14 to 17 of proc(5).
    return sum(map(int, fields[11:15]))


def memory_mb(root: int) -> float:
    """Proportional set size of a process and its descendants: shared pages are counted once in all."""
    return sum(_pss_kb(pid) for pid in tree(root)) / 1024


def _pss_kb(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


class Watch:
    """Looks at the whole machine while a block runs; `others` is how many processors others kept busy."""

    others = 0.0
    seconds = 0.0
    load = 0.0

    def __enter__(self) -> "Watch":
        self.load = os.getloadavg()[0]
        self._begin = (time.monotonic(), _busy_seconds(), cpu_seconds(os.getpid()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        start, busy, ours = self._begin
        self.seconds = time.monotonic() - start
        used = _busy_seconds() - busy - (cpu_seconds(os.getpid()) - ours)
        self.others = max(0.0, used / self.seconds)

    @property
    def quiet(self) -> bool:
        return self.others <= TOLERATED


def _busy_seconds() -> float:
    """Processor time of everybody, and what the host took from us."""
    user, nice, system, _idle, _iowait, irq, softirq, steal = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    )
    return (user + nice + system + irq + softirq + steal) / TICK
