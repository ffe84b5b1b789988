"""`run`, `exec` and `reset`: each the whole of one command, step by step."""

import errno
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from dracarys.servers import environment, lock
from dracarys.servers.console import Console
from dracarys.servers.family import Family
from dracarys.servers.home import Home
from dracarys.servers.pair import Servers
from dracarys.servers.programs import Program, prepare, site
from dracarys.servers.signals import StopSignals
from dracarys.servers.supervisor import Supervisor
from dracarys.servers.trouble import TroubleError

Programs = Callable[[Home, int], Sequence[Program]]


def run(
    project: Path, environ: Mapping[str, str], *, first: Program | None = None, programs: Programs = site
) -> None:
    """Run the site in the foreground until asked to stop; nothing of it is left then but the data."""
    home = Home.of_project(project)
    home.make()
    with lock.exclusive(home) as held:
        port = environment.web_port(environ)
        refuse_taken(port)
        with StopSignals() as signals, started(home, environ, held) as (family, servers, added):
            console = Console()
            child_environment = environment.complete(environ, added)
            supervisor = Supervisor(project, child_environment, family, signals, console)
            try:
                supervisor.run_to_the_end(first or prepare(project))
                greeting = f"Dracarys is at http://localhost:{port} (Ctrl-C stops it, the data stays)."
                if not supervisor.stopping:
                    supervisor.run(programs(home, port), servers, greeting)
            finally:
                supervisor.stop()


def execute(project: Path, environ: Mapping[str, str], command: Sequence[str]) -> int:
    """Run a command with the servers, those of a run that is going or our own; returns its exit code."""
    home = Home.of_project(project)
    home.make()
    held = lock.Lock(home)
    if not held.take():
        added = lock.environment_of(home, held.holder())
        with Family(kernel=True) as family:
            return in_the_foreground(command, environment.complete(environ, added), family)
    try:
        with started(home, environ, held) as (family, _, added):
            return in_the_foreground(command, environment.complete(environ, added), family)
    finally:
        held.release()


def reset(project: Path) -> None:
    """Remove all data of the zero-setup run."""
    home = Home.of_project(project)
    if not home.path.exists():
        return
    home.make()
    with lock.exclusive(home):
        shutil.rmtree(home.path)


@contextmanager
def started(
    home: Home, environ: Mapping[str, str], held: lock.Lock
) -> Iterator[tuple[Family, Servers, dict[str, str]]]:
    """The servers that are ours, running; and what they add to the environment of their users."""
    with Family(lock=held.descriptor, kernel=True) as family:
        servers = Servers(home, family, environ)
        try:
            servers.start()
            added = environment.additions(environ, home, servers.urls())
            lock.announce(home, added)
            yield family, servers, added
        finally:
            lock.withdraw(home)
            servers.stop()


def refuse_taken(port: int) -> None:
    """One sentence when somebody else has the site's port, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port we just left is free
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            other = port + 1 if 1024 <= port < 65535 else 8000
            reason = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            raise TroubleError(
                f"Port {port} {reason}: choose another with `PORT={other} make run`."
            ) from error


def in_the_foreground(command: Sequence[str], environ: Mapping[str, str], family: Family) -> int:
    """Run a command as if it had been called directly: our terminal, our signals, its exit code."""
    running: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def pass_on(number: int) -> None:
        if not running:
            early.append(number)
        # The terminal has sent its Ctrl-C to the command as well.
        elif number != signal.SIGINT or not sys.stdin.isatty():
            running[0].send_signal(number)

    # Before the command starts: a signal in between would end us and not it.
    with StopSignals(pass_on):
        try:
            child = family.start(command, stop_signal=signal.SIGTERM, own_session=False, env=environ)
        except FileNotFoundError as error:
            raise TroubleError(f"There is no command {command[0]!r}.") from error
        running.append(child)
        for number in early:
            pass_on(number)
        code = child.wait()
    family.forget(child)
    return 128 - code if code < 0 else code
