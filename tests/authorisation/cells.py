"""The cells of the matrix: every route × what its parts point to × role × method × plain or htmx."""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.amounts import FULL
from tests.authorisation.admin_pages import FRONT, page_of
from tests.authorisation.objects import cases_of, kind
from tests.authorisation.policy import IN, METHODS, POLICY
from tests.site.addresses import Route

ROLES = tuple(POLICY.roles)
SHARE = 3
WAYS = tuple((method, htmx) for htmx in (False, True) for method in METHODS)


@dataclass(frozen=True, slots=True)
class Cell:
    """One question to the site: may this role do this here?"""

    route: Route
    case: str
    role: str
    method: str
    htmx: bool = False

    @property
    def expected(self) -> str:
        """What the policy says."""
        name, parts = self.route.name, kind(self.route)
        if page := page_of(self.route):
            met = page.answer(self.role, self.method, self.case)
            return POLICY.special(name, self.case, self.method) or met if met in (IN, FRONT) else met
        met = POLICY.entrance(name, self.role, self.method)
        return POLICY.found(name, parts, self.case, self.method) if met == IN else met

    def __str__(self) -> str:
        where, way = address(self.route, self.case), ", htmx" if self.htmx else ""
        return f"{self.method} {where} as {self.role}{way}"


def address(route: Route, case: str) -> str:
    """A route and what its parts point to, as [changes] of the policy and every message write it."""
    return f"{route} ({case})" if case else str(route)


def cells_of(route: Route) -> Iterator[Cell]:
    """All cells of a route; in `make test` those that matter most and a share of the rest."""
    for case in cases_of(route):
        for row, role in enumerate(ROLES):
            for column, (method, htmx) in enumerate(WAYS):
                cell = Cell(route, case, role, method, htmx)
                # A third of a diagonal through roles and ways, another one at each address: every role
                # comes by every method, and to every address come some.
                turn = _turn(cell)
                drawn = (turn + row + column) % len(WAYS) == 0 and (turn + row) % SHARE == 0
                if FULL or _matters(cell) or (drawn and not _is_alike(cell)):
                    yield cell


# Of these one by one in turn, from address to address: whoever is of one kind is let in by one line of code.
KINDS = tuple(POLICY.who[name] for name in ("visitors", "newcomers", "members"))


def _matters(cell: Cell) -> bool:
    """What the page is there for, asked by somebody of every kind whom it might be there for."""
    if cell.htmx or cell.method not in ("GET", "POST") or not _is_its_turn(cell):
        return False
    if page := page_of(cell.route):
        sent = cell.method == "POST" and page.is_only_read
        return not sent and cell.case != "missing" and cell.role in POLICY.who["the staff"]
    return POLICY.offers(cell.route.name, cell.method)


def _is_its_turn(cell: Cell) -> bool:
    """Of those who are of one kind each comes at other addresses; a learner and the staff come at all."""
    kind_of_role = next((roles for roles in KINDS if cell.role in roles), ())
    turn = _turn(cell) % max(1, len(kind_of_role))
    return cell.role == "learner" or cell.role not in kind_of_role or kind_of_role[turn] == cell.role


def _turn(cell: Cell) -> int:
    """A number of the address, the same ones every time."""
    return sum(address(cell.route, cell.case).encode())


def _is_alike(cell: Cell) -> bool:
    """Whoever may not enter the admin is stopped at its door, before it looks for a row."""
    outside = cell.role not in POLICY.who["the staff"]
    return page_of(cell.route) is not None and cell.case == "missing" and outside
