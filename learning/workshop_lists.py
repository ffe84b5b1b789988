"""How the workshop lists the gates that speak of a thing."""

from collections.abc import Sequence
from typing import Literal

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from learning.mentions import gates_that_name
from learning.models import Lesson


def listed_gates(gates: Sequence[Lesson]) -> str:
    """Gates as links to their forms."""
    return format_html_join(", ", "{}", ((_link(gate),) for gate in gates)) or gettext("no gate")


def held_back(kind: Literal["dataset", "figure"], things: Sequence[Model]) -> list[SafeString]:
    """A line for each thing that a gate shows and each such gate: why it cannot be deleted."""
    shown = ((thing, gate) for thing in things for gate in gates_that_name(kind, str(thing.pk)))
    return [format_html(gettext("{} is shown by gate {}"), thing, _link(gate)) for thing, gate in shown]


def _link(gate: Lesson) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse("admin:learning_lesson_change", args=[gate.pk]), gate)
