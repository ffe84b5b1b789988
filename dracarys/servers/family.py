"""Processes that do not outlive us, whatever ends us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from dracarys.servers import guard
from dracarys.servers.home import Account, as_account

PR_SET_PDEATHSIG = 1
CHILDREN, SERVERS = 0, 1  # the order in which the guard ends them

Process = subprocess.Popen[bytes]


def die_with_parent(number: int) -> Callable[[], None] | None:
    """A `preexec_fn` that has the kernel signal the child when we are gone; None where it cannot.

    The kernel means the parent's thread, so only single-threaded programs may use it.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    parent = os.getpid()

    def hook() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)
        if os.getppid() != parent:  # it died in between
            os.kill(os.getpid(), number)

    return hook


def kill_group(process: Process) -> None:
    """End what is left of a session: grandchildren whose leader died without them."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def how_it_ended(process: Process) -> str:
    """ "ended with exit code 3", or "was killed by SIGKILL"."""
    code = process.returncode
    if code is not None and code < 0:
        return f"was killed by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"


class Family:
    """Starts processes and tells the guard of each; a context manager.

    `lock` is a file descriptor that the guard holds too, so that the folder stays locked until it has
    cleaned up. `throw_away` is a folder to remove at the end. With `kernel` the children also carry
    PR_SET_PDEATHSIG, in case somebody kills the guard as well.
    """

    def __init__(
        self, *, lock: int | None = None, throw_away: Path | None = None, kernel: bool = False
    ) -> None:
        self.kernel = kernel
        self.guard = subprocess.Popen(
            [sys.executable, "-I", "-S", guard.__file__],
            stdin=subprocess.PIPE,
            pass_fds=[] if lock is None else [lock],
            start_new_session=True,
            cwd="/",
        )
        if throw_away:
            self._tell(f"remove {throw_away}")

    def __enter__(self) -> "Family":
        return self

    def __exit__(self, *_: object) -> None:
        """Let the guard end whatever is still there, and go."""
        assert self.guard.stdin  # noqa: S101 (it is a pipe, which only the type does not say)
        with contextlib.suppress(BrokenPipeError):
            self.guard.stdin.close()
        self.guard.wait()

    def _tell(self, line: str) -> None:
        assert self.guard.stdin  # noqa: S101
        with contextlib.suppress(BrokenPipeError):  # somebody killed the guard: the kernel's signal remains
            self.guard.stdin.write(line.encode() + b"\n")
            self.guard.stdin.flush()

    def start(
        self,
        command: Sequence[str | Path | int],
        *,
        stop_signal: int,
        stage: int = CHILDREN,
        account: Account | None = None,
        own_session: bool = True,
        **options: Any,
    ) -> Process:
        """Start a process, by default in a session of its own, out of reach of the terminal's Ctrl-C."""
        process: Process = subprocess.Popen(
            [str(word) for word in command],
            start_new_session=own_session,
            preexec_fn=die_with_parent(stop_signal) if self.kernel else None,  # noqa: PLW1509
            **as_account(account),
            **options,
        )
        self._tell(f"start {process.pid} {stage} {int(stop_signal)} {int(own_session)}")
        return process

    def run(self, command: Sequence[str | Path], **options: Any) -> str | None:
        """Run a short command to its end: None when it went well, else what it printed."""
        process = self.start(
            command,
            stop_signal=signal.SIGKILL,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            **options,
        )
        output, _ = process.communicate()
        self.forget(process)
        return output.decode("utf-8", "replace") if process.returncode else None

    def forget(self, process: Process) -> None:
        """The process has ended and its number may soon be somebody else's."""
        self._tell(f"end {process.pid}")

    def stop(self, process: Process, stop_signal: int, seconds: float) -> None:
        """Ask one process to end, insist after some seconds, and clear its group."""
        if process.poll() is None:
            process.send_signal(stop_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(seconds)
        kill_group(process)
        process.wait()
        self.forget(process)


def command_line(pid: int) -> str:
    """The command line of a process; empty when there is none."""
    proc = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self/cmdline").exists():
        with contextlib.suppress(OSError):
            return proc.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return ""
    listing = subprocess.run(
        ["ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout


def reap(pid_file: Path, stop_signal: int, seconds: float = 20) -> None:
    """End a server that a killed run left behind, where neither the guard nor the kernel did.

    The file's first line is its number; it is ours when its command line names the file's folder. We
    hold the folder's lock, so a number that became somebody else's is a leftover and the file goes.
    """
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return
    if str(pid_file.parent) not in (running := command_line(pid)):
        if running:
            pid_file.unlink()
        return
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            os.kill(pid, 0)
            time.sleep(0.02)
        os.kill(pid, signal.SIGKILL)
