"""What the person at the terminal sees: whole lines, each with the name of who wrote it."""

import os
import select
import sys

CHUNK = 65536


class Console:
    """Standard output, which may go away before we do (`make run | head`, a closed terminal)."""

    def __init__(self) -> None:
        self.gone = False
        self._terminal = select.poll()
        if sys.stdin and sys.stdin.isatty():
            self._terminal.register(sys.stdin, 0)

    def look(self) -> None:
        """Notice a terminal that hung up: when `make` leads its session, the kernel tells only `make`."""
        if self._terminal.poll(0):
            self.gone = True

    def say(self, line: str) -> None:
        """Print one line at once."""
        if self.gone:
            return
        try:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
        except (OSError, ValueError):
            self.gone = True
            # What is still in the buffer would raise again when Python ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class Lines:
    """The lines of one process, put together from what its pipe gives."""

    def __init__(self, prefix: str, console: Console) -> None:
        self.prefix, self.console = prefix, console
        self._rest = b""

    def pump(self, descriptor: int) -> bool:
        """Pass on what is there now; False when there is nothing, or will never be again."""
        try:
            part = os.read(descriptor, CHUNK)
        except BlockingIOError:
            return False
        *whole, self._rest = (self._rest + part).split(b"\n")
        for line in whole:
            self._say(line)
        if len(self._rest) > CHUNK:  # no line at all: a progress bar, or something binary
            self.finish()
        return bool(part)

    def finish(self) -> None:
        """Pass on a last line that has no end."""
        if self._rest:
            self._say(self._rest)
        self._rest = b""

    def _say(self, line: bytes) -> None:
        self.console.say(self.prefix + line.decode("utf-8", "replace").rstrip("\r"))
