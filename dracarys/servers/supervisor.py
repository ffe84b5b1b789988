"""One foreground process that runs several: their lines, their deaths, their end.

Single-threaded on purpose: everything that happens (a line, a death, a signal) wakes one `select`.
"""

import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dracarys.servers.console import Console, Lines
from dracarys.servers.family import Family, Process, how_it_ended, kill_group
from dracarys.servers.pair import Servers
from dracarys.servers.programs import Program
from dracarys.servers.restarts import Restarts
from dracarys.servers.server import Server
from dracarys.servers.signals import StopSignals
from dracarys.servers.trouble import TroubleError

TICK = 0.2
CHILD_SECONDS = 10.0
READY_SECONDS = 120.0


class Child:
    """A running program and the lines it is writing."""

    def __init__(self, program: Program, process: Process, lines: Lines) -> None:
        self.program, self.process, self.lines = program, process, lines
        self.started = time.monotonic()


class Supervisor:
    """Runs programs in `project` with `environment` until told to stop."""

    def __init__(
        self,
        project: Path,
        environment: Mapping[str, str],
        family: Family,
        signals: StopSignals,
        console: Console,
    ) -> None:
        self.project, self.environment = project, environment
        self.family, self.signals, self.console = family, signals, console
        self.children: dict[str, Child] = {}
        self.restarts: dict[str, Restarts] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(signals.wakeup, selectors.EVENT_READ)

    @property
    def stopping(self) -> bool:
        """Has somebody asked, or has the reader of our lines gone?"""
        return self.signals.asked > 0 or self.console.gone

    def run_to_the_end(self, program: Program) -> None:
        """Run one program alone, showing its lines as they are; TroubleError when it fails."""
        if self.stopping:
            return
        child = self._start(program, prefix="")
        while child.process.poll() is None and not self.stopping:
            self._listen()
        self.stop()
        if child.process.returncode and not self.stopping:
            raise TroubleError(
                f"The step '{program.name}' {how_it_ended(child.process)}: see the lines above."
            )

    def run(self, programs: Sequence[Program], servers: Servers, greeting: str) -> None:
        """Run programs until asked to stop; TroubleError when one dies and a restart is no cure."""
        # The site answers sooner when the others do not load their modules at the same time.
        listening = [program for program in programs if program.port]
        for program in listening:
            self._start(program)
        self._wait_until_ready(listening, greeting)
        for program in programs:
            if program not in listening and not self.stopping:
                self._start(program)
        while not self.stopping:
            self._listen()
            self._look_after(servers)

    def _wait_until_ready(self, programs: Sequence[Program], greeting: str) -> None:
        waiting = list(programs)
        deadline = time.monotonic() + READY_SECONDS
        while waiting and not self.stopping:
            self._listen()
            self._bury()
            waiting = [program for program in waiting if not listens(program.port)]
            if time.monotonic() > deadline:
                raise TroubleError(
                    f"{waiting[0].name} did not listen on port {waiting[0].port} in {READY_SECONDS:.0f} s."
                )
        if not self.stopping:
            self.console.say(greeting)

    def _start(self, program: Program, prefix: str | None = None) -> Child:
        process = self.family.start(
            program.command,
            stop_signal=signal.SIGTERM,
            cwd=self.project,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        assert process.stdout  # noqa: S101 (a pipe, which only the type does not say)
        os.set_blocking(process.stdout.fileno(), False)
        lines = Lines(f"{program.name:7}| " if prefix is None else prefix, self.console)
        child = self.children[program.name] = Child(program, process, lines)
        self.selector.register(process.stdout, selectors.EVENT_READ, child)
        return child

    def _listen(self) -> None:
        """Wait a moment for lines, deaths and signals, and pass the lines on."""
        self.console.look()
        for key, _ in self.selector.select(TICK):
            if key.data is None:
                self.signals.drain()
            elif not key.data.lines.pump(key.fd):
                self.selector.unregister(key.fileobj)

    def _look_after(self, servers: Servers) -> None:
        for server in servers.ended():
            self._revive(server)
        self._bury(restart=True)

    def _bury(self, restart: bool = False) -> None:
        """See to those that died: start them again, or say why that is no use."""
        for child in list(self.children.values()):
            if child.process.poll() is None:
                continue
            self._clear(child)
            name, ending = child.program.name, how_it_ended(child.process)
            verdict = self._verdict(name, child.started)
            if not restart:
                verdict = verdict or "before the site was up"
            if verdict:
                raise TroubleError(f"{name} {ending} {verdict}: its lines are above.")
            self.console.say(f"{name} {ending} and is started again.")
            self._start(child.program)

    def _revive(self, server: Server) -> None:
        assert server.process  # noqa: S101 (it ended, so there was one)
        ending, started = how_it_ended(server.process), server.started
        server.stop()
        if verdict := self._verdict(server.name, started):
            raise TroubleError(
                f"{server.name} {ending} {verdict}: its log is {server.home.path / server.key}.log."
            )
        self.console.say(f"{server.name} {ending} and is started again.")
        server.restart()

    def _verdict(self, name: str, started: float) -> str | None:
        return self.restarts.setdefault(name, Restarts()).verdict(started, time.monotonic())

    def stop(self) -> None:
        """Ask every child to end, pass on its last words, insist after some seconds or a second signal."""
        asked = self.signals.asked
        deadline = time.monotonic() + CHILD_SECONDS
        for child in self.children.values():
            if child.process.poll() is None:
                child.process.send_signal(signal.SIGTERM)
        while any(child.process.poll() is None for child in self.children.values()):
            if time.monotonic() > deadline or (asked and self.signals.asked > asked):
                break
            self._listen()
        for child in list(self.children.values()):
            self._clear(child)

    def _clear(self, child: Child) -> None:
        """Forget a child and end what it left behind."""
        kill_group(child.process)
        child.process.wait()
        assert child.process.stdout  # noqa: S101
        while child.lines.pump(child.process.stdout.fileno()):
            pass
        child.lines.finish()
        if child.process.stdout in {key.fileobj for key in self.selector.get_map().values()}:
            self.selector.unregister(child.process.stdout)
        child.process.stdout.close()
        self.family.forget(child.process)
        del self.children[child.program.name]


def listens(port: int | None) -> bool:
    """Does somebody answer on the port?"""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port or 0)) == 0
