"""The path: levels and gates as one person sees them."""

import uuid
from dataclasses import dataclass, replace
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from dracarys.db.compiled import Row, Rows, compiled
from learning.access import read, sentence
from learning.models import Level

SHOWN = ("subtitle", "description", "estimated_time", "xp_reward", "blocks", "questions")
MINE = ("mine__score", "mine__position", "mine__attempts_count")
State = Literal["open", "current", "passed", "locked"]


@dataclass(frozen=True, slots=True)
class GateCard:
    """One gate on the map. `reasons` say in words why it is locked; percentages are 0–100."""

    level: int
    gate: int
    title: str
    subtitle: str
    description: str
    minutes: int
    xp_reward: int
    blocks: int
    questions: int
    state: State
    reasons: tuple[str, ...]
    url: str | None
    best_score: int | None
    progress_percent: int
    attempts: int
    test_out_url: str | None

    @property
    def number(self) -> int:
        return self.gate


@dataclass(frozen=True, slots=True)
class LevelCard:
    """One level of the path with its gates."""

    number: int
    title: str
    description: str
    gates: tuple[GateCard, ...]
    state: State
    reasons: tuple[str, ...]

    @property
    def total(self) -> int:
        return len(self.gates)

    @property
    def passed(self) -> int:
        return sum(gate.state == "passed" for gate in self.gates)

    @property
    def percent(self) -> int:
        return self.passed * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class NextStep:
    """What to do now: one sentence and one button."""

    kind: Literal["start", "continue", "assessment", "retry", "done"]
    kicker: str
    title: str
    detail: str
    action_label: str
    url: str
    percent: int


def path_of(user_id: uuid.UUID | None) -> tuple[LevelCard, ...]:
    """The whole path for a person, or for a visitor (None). Two queries, however long the path is."""
    access, rows = read(user_id, *SHOWN, *MINE)
    gates: dict[int, list[GateCard]] = {}
    for row in rows:
        if row["is_active"] and row["level__is_active"]:
            reasons = tuple(sentence(reason) for reason in access.reasons(row["pk"]))
            ahead = bool(reasons) and not access.reasons_at_the_assessment(row["pk"])
            gates.setdefault(row["level_id"], []).append(_gate(row, reasons, ahead=ahead and bool(user_id)))
    return _mark_current(tuple(_level(row, tuple(gates.get(row["number"], ()))) for row in _levels()))


@compiled
def _levels() -> Rows:
    return Level.objects.filter(is_active=True).order_by("number").values("number", "title", "description")


def has_passed(levels: tuple[LevelCard, ...], level: int, gate: int) -> bool:
    """Whether that gate of the path is passed."""
    cards = (card for one in levels if one.number == level for card in one.gates)
    return any(card.gate == gate and card.state == "passed" for card in cards)


def next_step(levels: tuple[LevelCard, ...]) -> NextStep:
    """The one thing to do now."""
    current = next((gate for level in levels for gate in level.gates if gate.state == "current"), None)
    if current is None:
        return NextStep(
            kind="done",
            kicker=_("All open gates passed"),
            title=_("You are up to date"),
            detail=_("New gates are being written. Until then, repeating a gate keeps what you know fresh."),
            action_label=_("Look at the path"),
            url=reverse("learning:path"),
            percent=100,
        )
    kind, detail, label, url = _action(current)
    return NextStep(
        kind=kind,
        kicker=_("Level %(level)s · Gate %(gate)s") % {"level": current.level, "gate": current.gate},
        title=current.title,
        detail=detail,
        action_label=label,
        url=url,
        percent=current.progress_percent,
    )


def _action(gate: GateCard) -> tuple[Literal["start", "continue", "assessment", "retry"], str, str, str]:
    where = [gate.level, gate.gate]
    if gate.attempts:
        detail = _("Your best score is %(score)s %%. Look over what was missed, then try again.") % {
            "score": gate.best_score or 0
        }
        return "retry", detail, _("Try again"), reverse("learning:assessment", args=where)
    if gate.progress_percent >= 100:
        detail = _("You have read everything. %(n)s questions stand between you and the next gate.") % {
            "n": gate.questions
        }
        return "assessment", detail, _("Take the assessment"), reverse("learning:assessment", args=where)
    if gate.progress_percent:
        return "continue", gate.subtitle, _("Continue"), reverse("learning:gate", args=where)
    label = _("Start gate %(gate)s") % {"gate": gate.gate}
    return "start", gate.subtitle, label, reverse("learning:gate", args=where)


def _gate(lesson: Row, reasons: tuple[str, ...], *, ahead: bool) -> GateCard:
    state: State = "locked" if reasons else "passed" if lesson["passed"] else "open"
    blocks, position = lesson["blocks"], lesson.get("mine__position") or 0
    minutes = round(lesson["estimated_time"].total_seconds() / 60) if lesson["estimated_time"] else 0
    return GateCard(
        level=lesson["level_id"],
        gate=lesson["gate_id"],
        title=lesson["title"],
        subtitle=lesson["subtitle"] or "",
        description=lesson["description"] or "",
        minutes=minutes,
        xp_reward=lesson["xp_reward"],
        blocks=blocks,
        questions=lesson["questions"],
        state=state,
        reasons=reasons,
        url=None if reasons else reverse("learning:gate", args=[lesson["level_id"], lesson["gate_id"]]),
        best_score=lesson.get("mine__score"),
        progress_percent=min(100, position * 100 // blocks) if blocks else 0,
        attempts=lesson.get("mine__attempts_count") or 0,
        test_out_url=reverse("learning:assessment", args=[lesson["level_id"], lesson["gate_id"]])
        if ahead
        else None,
    )


def _level(level: Row, gates: tuple[GateCard, ...]) -> LevelCard:
    if not gates:
        # The page says in the gates' place that they are being written.
        return LevelCard(**level, gates=gates, state="locked", reasons=())
    if all(gate.state == "passed" for gate in gates):
        return LevelCard(**level, gates=gates, state="passed", reasons=())
    locked = all(gate.state == "locked" for gate in gates)
    return LevelCard(
        **level,
        gates=gates,
        state="locked" if locked else "open",
        reasons=gates[0].reasons if locked else (),
    )


def _mark_current(levels: tuple[LevelCard, ...]) -> tuple[LevelCard, ...]:
    """The first open gate is the one to do now."""
    current = next((gate for level in levels for gate in level.gates if gate.state == "open"), None)
    return tuple(
        replace(
            level,
            gates=tuple(replace(gate, state="current") if gate is current else gate for gate in level.gates),
        )
        for level in levels
    )
