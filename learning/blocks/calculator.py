from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _

from learning import numbers
from learning.blocks.base import Block, Reader
from learning.calculators import CALCULATORS, Calculator, Code, Impossible, Input, Text
from learning.rendering import Renderer
from learning.texts import Markdown


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    id: str
    label: Text
    unit: Text
    value: str
    error: str


class CalculatorBlock(Block):
    """Numbers to play with: position size, reward to risk, the value of a tick, expectancy, recovery.

    The form asks by GET, so that a result has an address and nothing is kept of it.
    """

    template: ClassVar[str] = "learning/blocks/calculator.html"

    type: Literal["calculator"]
    calculator: Code
    markdown: Markdown | None = None

    def render(self, renderer: Renderer) -> dict[str, Any]:
        html = renderer.markdown(self.markdown) if self.markdown else ""
        return {"calculator": self.calculator, "html": html}

    @classmethod
    def view(cls, stored: dict[str, Any], reader: Reader) -> Mapping[str, Any]:
        calculator = CALCULATORS[stored["calculator"]]
        fields = [_field(one, stored["id"], reader.query.get(one.name, ())) for one in calculator.inputs]
        return {
            **super().view(stored, reader),
            "fields": fields,
            "formula": calculator.formula,
            **_worked_out(calculator, fields),
        }


def _field(wanted: Input, block: str, sent: Any) -> Field:
    value = (sent[-1].strip()[: numbers.LONGEST] if sent else f"{wanted.start:f}").replace("\0", "")
    return Field(
        wanted.name, f"{block}-{wanted.name}", wanted.label, wanted.unit, value, _error(wanted, value)
    )


def _error(wanted: Input, value: str) -> str:
    if lack := numbers.lack(value):
        return lack
    if not wanted.least <= numbers.parse(value) <= wanted.most:
        return _("give a number from %(least)s to %(most)s") % {
            "least": f"{wanted.least:f}",
            "most": f"{wanted.most:,f}",
        }
    return ""


def _worked_out(calculator: Calculator, fields: list[Field]) -> dict[str, Any]:
    """`results` as (label, value, unit), or `problem`, a sentence."""
    if any(field.error for field in fields):
        return {"results": (), "problem": _("These numbers need a look: see the fields above.")}
    values: dict[str, Decimal] = {field.name: numbers.parse(field.value) for field in fields}
    try:
        found = calculator.results(values)
    except Impossible as error:
        return {"results": (), "problem": str(error)}
    return {"results": [(r.label, numbers.shown(r.value, r.decimals), r.unit) for r in found], "problem": ""}
