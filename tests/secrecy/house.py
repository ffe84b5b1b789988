"""The site as several people find it, in several worlds that differ in their secrets only."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from learning.models import Dataset, Lesson, Level, PriceBar
from learning.publishing import publish
from tests.amounts import FULL
from tests.database.rows import one_of_each
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.learning import make_topic, take
from tests.factories.media import make_figure
from tests.secrecy import personal, samples
from tests.secrecy.samples import SECRET, marks_in, secret, shown

VISITOR, GUEST, LEARNER, OTHER, NEW = ROLES = (
    "a visitor",
    "a guest",
    "a learner",
    "another learner",
    "somebody new",
)
FIRST_BAR, WINDOW = dt.date(1991, 2, 20), (dt.date(1991, 3, 4), dt.date(1991, 3, 13))
BARS = 40
# Which gates are open to whom, besides what the landing page shows of the first to everybody.
OPEN = {VISITOR: (), GUEST: ("1.1",), LEARNER: ("1.1",), OTHER: ("old", "1.1", "1.2"), NEW: ("1.1",)}


@dataclass(slots=True)
class House:
    """Who is there, what of them is private, and the gates by name."""

    people: dict[str, User | None]
    private: dict[str, str]  # mark -> column, of a person who is none of these
    gates: dict[str, Lesson]
    now: dt.datetime = field(default_factory=timezone.now)  # the instant at which all is read

    def furnish(self, world: int, only: str = "") -> None:
        """Let the secrets be those of this world, everywhere or in one gate only."""
        for code in ("for-blocks", "for-questions"):
            _bars(code, world)
        for name, lesson in self.gates.items():
            if only not in ("", name):
                continue
            if name == "draft":
                lesson.title = secret("title", name, world)
            publish(lesson, **written(name, world))

    def forbidden(self, role: str, world: int) -> dict[str, str]:
        """Every mark that this role may not see before grading, and what it marks."""
        found = {mark: f"a price or day outside of a chart's window: {mark}" for mark in hidden_bars(world)}
        for name in ("old", *self.gates):
            marks = marks_in(written(name, world)) | {secret("title", name, world)}
            may = marks_in(written(name, world)) if name == "old" else _not_secret(marks)
            allowed = may if name in OPEN[role] else _taste(name)
            found |= {mark: f"gate {name}: {mark}" for mark in marks - allowed}
        private = {mark: f"somebody's {column}" for mark, column in self.private.items()}
        public = set() if role == VISITOR else personal.PUBLIC
        return found | {mark: said for mark, said in private.items() if self.private[mark] not in public}

    def to_be_seen(self, role: str, world: int) -> set[str]:
        """Marks of open gates, which a crawl that sees everything has seen."""
        names = [name for name in OPEN[role] if name != "old"]
        return set().union(*(_not_secret(marks_in(written(name, world))) for name in names))


def build() -> House:
    """People and gates, without the secrets of any world."""
    make_topic()
    make_figure(stored=True)
    for code in ("for-blocks", "for-questions"):
        Dataset.objects.create(code=code, title=shown(code), symbol="TEST", timeframe="1d", source="made")
        _bars(code, 0)
    for number, active in ((1, True), (2, True), (3, False)):
        Level.objects.create(number=number, title=f"Level {number}", is_active=active)
    first = _gate(1, 1)
    gates = {
        "1.1": first,
        "1.2": _gate(1, 2, prerequisites=[first.pk]),
        "draft": _gate(1, 3, is_active=False),
        "2.1": _gate(2, 1),
        "3.1": _gate(3, 1),
    }
    publish(first, **written("old", 0))
    return House(_people(first), _stranger(first), gates)


def written(name: str, world: int) -> dict[str, Any]:
    """What a gate says in this world; where it is closed to everybody, all of it is secret."""
    at = name if name in ("1.1", "1.2") else f"{name}w{world}" if name != "old" else name
    assessment = samples.assessment(at, 0 if name == "old" else world)
    if name == "old":  # handed in by the factory, which answers single choices
        assessment["questions"] = [q for q in assessment["questions"] if q["type"] == "single_choice"]
    content = samples.content(at, world)
    if name != "1.1" and not FULL:
        # One gate with a page for everything is enough to look at every time.
        content["blocks"] = [*content["blocks"][:3], content["blocks"][-1]]
        assessment["questions"] = assessment["questions"][:2]
    return {"content_data": content, "assessment_data": assessment}


def hidden_bars(world: int) -> set[str]:
    """Prices and days outside of every chart's window, in the forms in which a page may tell them."""
    found: set[str] = set()
    for day, price in _days(world):
        if not WINDOW[0] <= day <= WINDOW[1]:
            time = dt.datetime.combine(day, dt.time(), dt.UTC)
            found |= {f"{price}", f"{price:,}", day.isoformat(), str(int(time.timestamp()))}
            found |= {f"{day.day} {time:%b %Y}", f"{day.day} {time:%B %Y}"}
    return found


def _days(world: int) -> Iterator[tuple[dt.date, Decimal]]:
    """Each bar's day and opening price; after the window both depend on the world."""
    for n in range(BARS):
        day = FIRST_BAR + dt.timedelta(days=n)
        if day < WINDOW[0]:
            yield day, Decimal("6100.37") + n
        elif day <= WINDOW[1]:
            yield day, Decimal(90 + n)
        else:
            yield day + dt.timedelta(days=world * 30), Decimal("7100.37") + 100 * world + n


def _bars(code: str, world: int) -> None:
    PriceBar.objects.filter(dataset_id=code).delete()
    PriceBar.objects.bulk_create(
        PriceBar(
            dataset_id=code,
            time=dt.datetime.combine(day, dt.time(), dt.UTC),
            open=price,
            high=price + 2,
            low=price - 2,
            close=price + 1,
            volume=1000,
        )
        for day, price in _days(world)
    )


def _gate(level: int, gate: int, **fields: Any) -> Lesson:
    title = f"Gate {level}.{gate}"
    empty: dict[str, Any] = {"blocks": []}  # until a world is written
    return Lesson.objects.create(
        level_id=level, gate_id=gate, title=title, xp_reward=100, content_data=empty, **fields
    )


def _people(first: Lesson) -> dict[str, User | None]:
    guest = UserFactory.create(email="guest@nobody.invalid", is_guest=True)
    learner = UserFactory.create(email="ash@example.org", profile_fields={"full_name": "Ash"})
    other = UserFactory.create(email="brand@example.org", profile_fields={"full_name": "Brand"})
    new = UserFactory.create(email="new@example.org", terms_accepted_at=None)
    take(other, first, at=timezone.now())
    return {VISITOR: None, GUEST: guest, LEARNER: learner, OTHER: other, NEW: new}


def _stranger(first: Lesson) -> dict[str, str]:
    """Somebody with a row in every table, and staff; all that is kept of them is marked."""
    vic = UserFactory.create(email=f"{SECRET}vic@example.org")
    one_of_each(vic, first)
    sol = StaffFactory.create(email=f"{SECRET}sol@example.org")
    # Nobody reads even the name of somebody who is on no board.
    unseen = {mark: f"{column} of staff" for mark, column in personal.mark(sol, "sol").items()}
    return personal.mark(vic, "vic") | unseen


def _not_secret(marks: set[str]) -> set[str]:
    return {mark for mark in marks if not mark.startswith(SECRET)}


def _taste(name: str) -> set[str]:
    """What the landing page shows everybody: the chart of the first gate's first lesson."""
    if name != "1.1":
        return set()
    block = next(one for one in samples.content("1.1", 0)["blocks"] if "chart" in one)
    return marks_in(block)
