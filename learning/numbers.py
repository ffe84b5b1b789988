"""Numbers as people type them: with a decimal point or comma, thousands, a sign, a unit."""

import re
import unicodedata
from decimal import Decimal

from django.utils.translation import gettext as _

LONGEST = 40
_MINUS = str.maketrans("−‒–—", "----")
_SPACES = re.compile(r"[\s'’_]+")
_PLAIN = re.compile(r"[+-]?\d+(\.\d+)?")
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
# One comma and three digits after it: 1,234 is twelve hundred to some and one and a bit to others.
_AMBIGUOUS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


class Unreadable(ValueError):
    """The text is no number."""


class Ambiguous(Unreadable):
    """The text can be read as two numbers; `readings` are both, the smaller first."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        whole, _, rest = text.partition(",")
        self.readings = (f"{whole}.{rest}", f"{whole}{rest}")


def parse(text: str, *, unit: str = "") -> Decimal:
    """The number in `text`, with or without its `unit`. Raises Unreadable, Ambiguous.

    >>> parse("1.234,5"), parse("1,234.5"), parse("0,5"), parse("2 500 USD", unit="USD")
    (Decimal('1234.5'), Decimal('1234.5'), Decimal('0.5'), Decimal('2500'))
    """
    if len(text) > LONGEST:
        raise Unreadable(text[:LONGEST])
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    number = _SPACES.sub("", _without_unit(plain.strip(), unit))
    if _AMBIGUOUS.fullmatch(number):
        raise Ambiguous(number)
    for reading in (number, _swapped(number)):
        if _PLAIN.fullmatch(reading) or _GROUPED.fullmatch(reading):
            return Decimal(reading.replace(",", ""))
    raise Unreadable(text)


def lack(text: str, *, unit: str = "") -> str:
    """What is wrong with a number as typed, for the one who typed it; empty for nothing."""
    try:
        parse(text, unit=unit)
    except Ambiguous as error:
        smaller, larger = error.readings
        return _("write %(smaller)s or %(larger)s: a single comma can mean both") % {
            "smaller": smaller,
            "larger": larger,
        }
    except Unreadable:
        return _("write a number, such as 1250 or 12.5")
    return ""


def _without_unit(text: str, unit: str) -> str:
    """Currency signs and percent are left out wherever they stand, the unit at either end."""
    text = text.strip("$€£¥% ")
    folded = unicodedata.normalize("NFKC", unit).casefold()
    if folded and text.casefold().endswith(folded):
        text = text[: -len(unit)]
    elif folded and text.casefold().startswith(folded):
        text = text[len(unit) :]
    return text.strip("$€£¥% ")


def _swapped(number: str) -> str:
    """A comma for each point and a point for each comma."""
    return number.translate(str.maketrans(",.", ".,"))


def shown(value: Decimal, decimals: int) -> str:
    """With thousands separators and so many digits after the point: "1,277.83", "−0.50"."""
    return f"{value:,.{decimals}f}".replace("-", "−")
