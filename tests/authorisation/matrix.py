"""What is other than the policy says, in words: an empty list is what every test of this folder wants."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from tests.amounts import FULL
from tests.authorisation.admin_pages import page_of
from tests.authorisation.cells import Cell, address, cells_of
from tests.authorisation.completeness import unsaid
from tests.authorisation.objects import cases_of, has_strangers
from tests.authorisation.policy import IN, METHODS, POLICY, READING, REFUSED
from tests.authorisation.trying import Answer, Trial, without_row_policies
from tests.site.addresses import Route

UNSAFE = tuple(method for method in METHODS if method not in READING)
# The page that says that the form's token is missing.
NO_TOKEN = b"This form was open too long"


@dataclass(slots=True)
class Tally:
    """What was done, for the page of proof."""

    cells: int = 0
    touched_when_refused: int = 0


def mismatches(trial: Trial, route: Route, tally: Tally) -> Iterator[str]:
    """Each difference between the site and the policy on this route, or the line that the policy lacks."""
    page = page_of(route)
    lines = list(unsaid([route], [page.model] if page else []))
    yield from lines
    for cell in [] if lines else cells_of(route):
        values = trial.values(cell)
        if values is None:
            continue
        answer = trial.answer(cell, values)
        tally.cells += 1
        if cell.expected != IN:
            tally.touched_when_refused += sum(answer.touched.values())
        for difference in _differences(cell, answer):
            yield f"{cell}: {difference}"


def _differences(cell: Cell, answer: Answer) -> Iterator[str]:
    if answer.outcome != cell.expected:
        yield f"the policy says {cell.expected}, the site {answer.outcome} ({answer.status})"
    elif cell.expected != IN:
        if answer.touched:
            yield f"was refused, yet touched rows of {answer.touched}"
    elif cell.method in READING and answer.touched != POLICY.changes.get(address(cell.route, cell.case), {}):
        yield f"touched rows of {answer.touched} by reading; only what [changes] of the policy lists may be"


def strangers(trial: Trial, route: Route, tally: Tally) -> Iterator[str]:
    """Where somebody else's things answer in any byte otherwise than things that are not there.

    Asked with the row policies and without them: the code above has to keep strangers out by itself.
    """
    foreign = [
        cell
        for cell in cells_of(route)
        if has_strangers(route)
        and "stranger's" in cell.case
        and POLICY.entrance(route.name, cell.role, cell.method) == IN
    ]
    for policies, what in ((nullcontext, ""), (without_row_policies, ", without row policies")):
        with policies():
            for cell in foreign:
                tally.cells += 1
                if not _is_like_nothing(trial, cell):
                    yield f"{cell}{what}: shows that it is somebody's"


def _is_like_nothing(trial: Trial, theirs: Cell) -> bool:
    """The same bytes but for the address itself, and no row touched."""
    nothing = Cell(theirs.route, "missing", theirs.role, theirs.method, theirs.htmx)
    asked = [(cell, trial.values(cell) or {}) for cell in (theirs, nothing)]
    first, second = (trial.answer(cell, values) for cell, values in asked)
    words = [word for _, values in asked for word in values.values()]
    return first.without(*words) == second.without(*words) and not first.touched


def forgeries(trial: Trial, route: Route, tally: Tally) -> Iterator[str]:
    """Where a form without its token is taken, though the one who sends it may do everything."""
    if not cases_of(route):
        return
    cell = Cell(route, next(iter(cases_of(route))), "superuser", "POST")
    values = trial.values(cell) or {}
    for method in UNSAFE if FULL else ("POST",):
        tally.cells += 1
        answer = trial.answer(Cell(route, cell.case, cell.role, method), values, check_token=True)
        stopped = answer.outcome == REFUSED and NO_TOKEN in answer.body and not answer.touched
        if stopped == (route.name in POLICY.not_wanted):
            yield f"{method} {route}: a form without a token is {'stopped' if stopped else 'not stopped'}"
