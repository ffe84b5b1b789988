"""Tasks that no worker should have to run; a worker learns of them with `-I tests.faults.poison`."""

import contextlib
import os
import signal
import threading
from pathlib import Path

from celery import shared_task


@shared_task(name="poison.raises")
def raises() -> None:
    raise ZeroDivisionError


@shared_task(name="poison.never_ends")
def never_ends() -> None:
    """Not even when it is asked to."""
    while True:
        with contextlib.suppress(Exception):
            threading.Event().wait()


@shared_task(name="poison.kills", max_retries=1)
def kills(diary: str) -> None:
    """End the process in which it runs, as a lack of memory would; `diary` gets a line each time."""
    with Path(diary).open("a") as lines:
        lines.write("again\n")
    os.kill(os.getpid(), signal.SIGKILL)
