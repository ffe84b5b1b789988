"""Many threads at one door at once, on real connections."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import connections


@dataclass(slots=True)
class Outcome:
    """What the threads of one round returned and raised."""

    results: list[Any] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


def race(*doors: Callable[[], Any]) -> Outcome:
    """Run every callable in a thread of its own, let go together; each closes its connection."""
    outcome, barrier, lock = Outcome(), threading.Barrier(len(doors)), threading.Lock()

    def run(door: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            barrier.wait(timeout=30)
            result = door()
            with lock:
                outcome.results.append(result)
        except BaseException as error:
            with lock:
                outcome.errors.append(error)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=(door,)) for door in doors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcome
