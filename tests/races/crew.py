"""Many threads at one door at once, each on a connection of its own, round after round."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from django.db import connections

from tests.amounts import ROUNDS, THREADS, amount
from tests.figures import note

Door = Callable[[], Any]
CONTROLS = amount(3, ROUNDS)
PATIENCE = 30  # seconds for one another; nobody who comes has to wait that long
NAME = "crew"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the threads of one round returned and raised."""

    results: list[Any]
    errors: list[BaseException]


class Crew:
    """Threads that stay for many rounds and keep their connections.

    A trial is one round: it makes fresh rows, lets the crew through some doors together and asserts what
    must be so afterwards. Its first line says what that is.
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix=NAME)

    def race(self, *doors: Door) -> Outcome:
        """Go through every door at the same moment, a thread at each; at most THREADS doors."""
        together = threading.Barrier(len(doors))

        def through(door: Door) -> Any:
            connections["default"].ensure_connection()
            together.wait(PATIENCE)
            return door()

        futures = [self._pool.submit(through, door) for door in doors]
        errors = [future.exception() for future in futures]
        return Outcome(
            results=[future.result() for future, error in zip(futures, errors, strict=True) if not error],
            errors=[error for error in errors if error],
        )

    def holds(self, trial: Callable[..., None], *given: Any) -> None:
        """The trial ends well in every round."""
        for _ in range(ROUNDS):
            trial(self, *given)
        note("races: things that happen exactly once", 1)
        note(f"races: rounds with {THREADS} threads", ROUNDS)
        note("races: violations", 0, limit="0")

    def breaks(self, trial: Callable[..., None], *given: Any) -> None:
        """The control: with its guard off the trial ends badly, so it can see what it looks for."""
        bad = sum(self._ends_badly(trial, *given) for _ in range(CONTROLS))
        assert bad, "the guard is off and nothing goes wrong: the trial proves nothing"
        note(
            f"races: bad rounds without the guard, {_title(trial)}", f"{bad} of {CONTROLS}", limit="1 or more"
        )

    def _ends_badly(self, trial: Callable[..., None], *given: Any) -> bool:
        try:
            trial(self, *given)
        except AssertionError:
            return True
        return False

    def go_home(self) -> None:
        """Every thread closes its connection and ends."""

        def close() -> None:
            connections["default"].close()  # this thread's own

        self.race(*[close] * THREADS)
        self._pool.shutdown()


def _title(trial: Callable[..., None]) -> str:
    return (trial.__doc__ or trial.__name__).split("\n")[0].rstrip(".")
