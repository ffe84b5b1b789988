"""Being asked to stop, without a handler that interrupts anything half-way."""

import os
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopSignals:
    """While it is entered, SIGINT, SIGTERM and SIGHUP are counted; `wakeup` is readable after any of them.

    The end of a child makes `wakeup` readable too, so a loop that waits for it reacts at once.
    """

    def __init__(self, on_signal: Callable[[int], None] | None = None) -> None:
        self.asked = 0
        self._on_signal = on_signal
        self._before: dict[int, Any] = {}

    def __enter__(self) -> Self:
        self.wakeup, self._write = os.pipe()
        os.set_blocking(self.wakeup, False)
        os.set_blocking(self._write, False)
        self._wakeup_before = signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)
        for number in STOP_SIGNALS:
            # Under nohup the terminal's end is nothing to us.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                self._before[number] = signal.signal(number, self._handle)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        os.close(self.wakeup)
        os.close(self._write)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        self.asked += 1
        if self._on_signal:
            self._on_signal(number)

    def drain(self) -> None:
        """Forget the wake-ups so far."""
        try:
            os.read(self.wakeup, 4096)
        except BlockingIOError:
            return
