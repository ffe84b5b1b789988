"""When a process that died is started again. Pure: the clock is passed in."""

from dataclasses import dataclass, field

FATAL_WITHIN = 10.0
LIMIT, WINDOW = 5, 60.0


@dataclass
class Restarts:
    """The deaths of one process. Times are seconds of one monotonic clock."""

    deaths: list[float] = field(default_factory=list)

    def verdict(self, started: float, died: float) -> str | None:
        """None when it may start again, else why everything has to stop.

        A death right after the start would repeat itself; a later one is an accident, unless there are
        more than 5 in a minute.
        """
        if died - started < FATAL_WITHIN:
            return f"only {died - started:.0f} seconds after its start"
        self.deaths = [death for death in self.deaths if died - death < WINDOW] + [died]
        if len(self.deaths) > LIMIT:
            return f"for the {len(self.deaths)}th time in a minute"
        return None
