"""One learner's turn at a window: asks the site, and keeps what it answered."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from learning.views import FORM_ERRORS
from tests.operations.browser import Answer, Browser, CutError
from tests.operations.history import Entry, Verdict
from tests.operations.world import Learner, World

# Where somebody is sent who may not: to sign in, to be welcomed, or to what opens the gate.
SENT_AWAY = re.compile(r"^/(accounts/login/|me/welcome/|path/)")
NOTHING: Mapping[str, str] = {}


class Turn:
    """Everything that one operation needs."""

    def __init__(
        self, world: World, learner: Learner, windows: tuple[Browser, Browser], number: int, what: str
    ) -> None:
        self.world, self.learner, self.windows, self.number = world, learner, windows, number
        self.what, self.visitor = what, learner.visitor

    def get(self, path: str) -> Answer | None:
        with self._entry(path) as entry:
            return self._end(entry, lambda: self.windows[0].get(self.visitor, path))

    def post(
        self, path: str, form: Mapping[str, str] = NOTHING, *, writes: Mapping[Any, str] = NOTHING
    ) -> Answer | None:
        with self._entry(path, writes=writes) as entry:
            return self._end(entry, lambda: self.windows[0].post(self.visitor, path, form))

    def post_twice(
        self, path: str, form: Mapping[str, str] = NOTHING, *, writes: Mapping[Any, str] = NOTHING
    ) -> None:
        """From two windows at once, of which neither waits for the other."""
        with self._entry(path, writes=writes) as first, self._entry(path, writes=writes) as second:
            asked = []
            for entry, window in ((first, self.windows[0]), (second, self.windows[1])):
                try:
                    window.ask(self.visitor, "POST", path, form)
                    asked.append((entry, window))
                except CutError:
                    continue
            for entry, window in asked:
                self._end(entry, lambda window=window: window.answer(self.visitor))  # type: ignore[misc]

    def directly(self, do: Callable[[], bool], *, writes: Mapping[Any, str] = NOTHING) -> None:
        """Past the pages, where there is none yet: whether it was done."""
        with self._entry("", writes=writes) as entry:
            entry.verdict = Verdict.OK if do() else Verdict.REFUSED

    def _entry(self, path: str, **writes: Any) -> Any:
        return self.world.history.entry(self.number, self.learner.name, self.what, detail=path, **writes)

    def _end(self, entry: Entry, ask: Callable[[], Answer]) -> Answer | None:
        try:
            answer = ask()
        except CutError:
            return None
        entry.verdict, entry.detail = _verdict(answer), f"{entry.detail} {answer.status} {answer.place}"
        if answer.status >= 500 or answer.status == 400:
            self.world.history.troubles.append(f"{entry.number} {entry.what} {entry.detail}")
        return answer


def _verdict(answer: Answer) -> Verdict:
    if answer.status == FORM_ERRORS:
        return Verdict.SENT_BACK
    done = answer.status in (200, 204) or (answer.status == 302 and not SENT_AWAY.match(answer.place))
    return Verdict.OK if done else Verdict.REFUSED
