"""Formulas of authors do arithmetic and nothing else; numbers are read as people type them."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.formulas import LONGEST, FormulaError, value_of
from learning.numbers import Ambiguous, Unreadable, parse, shown
from tests.factories.fuzz import steady

NAMES = {"account": Decimal(10_000), "risk": Decimal("0.5"), "stop": Decimal("48.5"), "entry": Decimal(50)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("account * risk / 100 / (entry - stop)", "33.33333333333333333333333333"),
        ("floor(account * risk / 100 / (entry - stop))", "33"),
        ("ceil(0.1 + 0.2)", "1"),
        ("0.1 + 0.2", "0.3"),
        ("min(entry, stop) - max(1, 2)", "46.5"),
        ("-abs(stop - entry)", "-1.5"),
        (" 7 ", "7"),
        ("(" * 120 + "1" + ")" * 120, "1"),
    ],
)
def test_a_formula_is_exact(formula: str, value: str) -> None:
    assert value_of(formula, NAMES) == Decimal(value)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("entry / (stop - 48.5)", "divides by zero"),
        ("0 / 0", "gives no number"),
        ("1e20 * 1e20", "gives no number"),
        ("profit + 1", "does not know 'profit'"),
        ("print(1)", "does not know 'print'"),
        ("__import__('os').system('ls')", "cannot be read|does not know|may hold"),
        ("entry.real", "cannot be read|does not know|may hold"),
        ("entry ** 9", "cannot be read|does not know|may hold"),
        ("9 // 2", "cannot be read|does not know|may hold"),
        ("'a' * 9", "cannot be read|does not know|may hold"),
        ("[1][0]", "cannot be read|does not know|may hold"),
        ("1 if entry else 2", "cannot be read|does not know|may hold"),
        ("(lambda: 1)()", "cannot be read|does not know|may hold"),
        ("True + 1", "cannot be read|does not know|may hold"),
        ("1; 2", "cannot be read"),
        ("a := 1", "cannot be read"),
        ("1 +", "cannot be read"),
        ("min()", "cannot be read"),
        ("abs(x=1)", "cannot be read|does not know|may hold"),
        ("1" * (LONGEST + 1), "is longer than 300 characters"),
    ],
)
def test_anything_else_is_refused_in_words(formula: str, words: str) -> None:
    with pytest.raises(FormulaError, match=words) as caught:
        value_of(formula, NAMES)
    assert len(str(caught.value)) < 100


@steady(400)
@given(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
    | st.from_regex(r"[a-z0-9 +\-*/().,]{1,60}")
)
def test_no_text_is_more_than_refused(text: str) -> None:
    with suppress(FormulaError):
        assert value_of(text, NAMES).is_finite()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1250", "1250"),
        ("1,250.75", "1250.75"),
        ("1.250,75", "1250.75"),
        ("0,5", "0.5"),
        ("1,5", "1.5"),
        ("1,2345", "1.2345"),
        ("12,345,678", "12345678"),
        ("12.345.678", "12345678"),
        ("1'250.75", "1250.75"),
        ("1 250,75", "1250.75"),
        ("−3", "-3"),
        ("+3", "3"),
        ("$1,000.00", "1000"),
        ("2 %", "2"),
        ("15 pips", "15"),
        ("pips 15", "15"),
        ("１５", "15"),
        ("0,125", "0.125"),
    ],
)
def test_a_number_is_read_as_it_was_meant(typed: str, number: str) -> None:
    assert parse(typed, unit="pips") == Decimal(number)


@pytest.mark.parametrize(
    "typed", ["", " ", "abc", "1,2,3", "1.2.3", "1e5", "NaN", "∞", "--1", "1-2", "15 lots", "9" * 41]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Unreadable):
        parse(typed, unit="pips")


def test_a_single_comma_before_three_digits_can_mean_both() -> None:
    with pytest.raises(Ambiguous) as caught:
        parse("1,250")
    assert caught.value.readings == ("1.250", "1250")


@given(st.decimals(-10_000_000, 10_000_000, places=2, allow_nan=False))
def test_what_is_shown_is_read_back(value: Decimal) -> None:
    assert parse(shown(value, 2)) == value


@given(st.text(max_size=50))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(Unreadable):
        assert parse(text, unit="%").is_finite()
