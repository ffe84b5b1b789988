"""What stands beside a lesson, for its templates; so the player itself knows nothing of notes and ratings."""

import uuid
from typing import Any

from django import template

from accounts.authentication import signed_in
from learning import beside, bookmarks, reports
from learning.player import Step

register = template.Library()


@register.simple_tag(takes_context=True)
def beside_block(context: dict[str, Any], step: Step) -> beside.Beside:
    """`{% beside_block step as beside %}`: the person's note, bookmark and rating. One query."""
    return beside.of_block(
        user_id=signed_in(context["request"]).pk,
        level=step.level,
        gate=step.gate,
        number=step.number,
        block=step.block.id,
    )


@register.simple_tag(takes_context=True)
def bookmarked_gates(context: dict[str, Any]) -> frozenset[tuple[int, int]]:
    """`{% bookmarked_gates as kept_gates %}`: level and gate of each bookmark. One query."""
    return bookmarks.gates_of(signed_in(context["request"]).pk)


@register.simple_tag
def is_bookmarked(kept_gates: frozenset[tuple[int, int]] | None, level: int, gate: int) -> bool:
    """`{% is_bookmarked kept_gates gate.level gate.number as kept %}`; no query."""
    return (level, gate) in (kept_gates or ())


@register.simple_tag(takes_context=True)
def own_ratings(context: dict[str, Any], attempt_id: uuid.UUID) -> dict[int, int]:
    """`{% own_ratings attempt_id as ratings %}`: the person's stars by number of question. Two queries."""
    return reports.own_ratings(user_id=signed_in(context["request"]).pk, attempt_id=attempt_id)


@register.filter
def of_number(stars: dict[int, int] | None, number: int) -> int | None:
    """`{{ ratings|of_number:item.number }}`"""
    return (stars or {}).get(number)
