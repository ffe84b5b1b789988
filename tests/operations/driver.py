"""So many operations by many people at random, from one seed, while processes are killed."""

import random
from collections.abc import Callable
from contextlib import closing

from tests.amounts import THREADS
from tests.operations import pages, steps
from tests.operations.browser import Browser
from tests.operations.site import Site
from tests.operations.turns import Turn
from tests.operations.world import World
from tests.races.crew import Crew

Operation = Callable[[Turn, random.Random], None]
OPERATIONS: dict[Operation, int] = {
    pages.read: 130,
    pages.look_at_a_chart: 100,
    pages.walk: 130,
    pages.begin: 90,
    pages.save: 150,
    pages.submit: 90,
    pages.submit_a_stale_paper: 20,
    pages.look_at_a_result: 20,
    pages.meddle_with_somebody_elses_paper: 30,
    pages.change_the_profile: 30,
    pages.be_welcomed: 20,
    pages.choose_a_theme: 40,
    pages.sign_out: 4,
    pages.sign_in: 4,
    steps.vote: 60,
    steps.comment: 20,
    steps.take_or_leave_a_seat: 40,
    steps.tell_somebody: 10,
    steps.publish: 3,
    steps.run_a_job: 9,
}


class Driver:
    """The same seed chooses the same operations; how they meet is the machine's."""

    def __init__(self, site: Site, crew: Crew, world: World, seed: str) -> None:
        self.site, self.crew, self.world, self.seed = site, crew, world, seed
        self.web_kills = self.worker_kills = 0

    def run(self, operations: int, *, web_kills: int, worker_kills: int) -> None:
        """Let the crew work through all numbers; kills are spread evenly between them."""
        numbers = iter(range(operations))
        kills: dict[int, Callable[[], None]] = {
            **dict.fromkeys(_spread(operations, web_kills), self._kill_web_worker),
            **dict.fromkeys(_spread(operations + 7, worker_kills), self._kill_worker),
        }

        def work() -> None:
            with closing(Browser(self.site.port)) as window, closing(Browser(self.site.port)) as other:
                for number in numbers:
                    kills.get(number, lambda: None)()
                    self._turn(number, (window, other))

        outcome = self.crew.race(*[work] * THREADS)
        assert outcome.errors == [], outcome.errors

    def _turn(self, number: int, windows: tuple[Browser, Browser]) -> None:
        chance = random.Random(f"{self.seed}-{number}")
        (operation,) = chance.choices(list(OPERATIONS), list(OPERATIONS.values()))
        learner = chance.choice(self.world.learners)
        operation(Turn(self.world, learner, windows, number, operation.__name__), chance)

    def _kill_web_worker(self) -> None:
        self.site.kill_web_worker(random.Random(self.seed))
        self.web_kills += 1

    def _kill_worker(self) -> None:
        self.site.kill_worker()
        self.worker_kills += 1


def _spread(operations: int, kills: int) -> list[int]:
    return [operations * n // (kills + 1) for n in range(1, kills + 1)]
