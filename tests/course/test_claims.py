"""The proof of numbers proves something: what is false, unproven or no longer said is found."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.course.claims import Claims, Gate, Near, faults, numerals, series, swing_highs, swing_lows

GATE = """
title: A gate
subtitle: Of {length} bars
description: It closed at 1862.49 on 15 October 2014.
blocks:
  - id: first
    type: prose
    markdown: |
      1. From 1874.18 to 1862.49, at 18:00 UTC: {sum}
      2. See H1 of the S&P 500.
assessment:
  pass_score: 80
  questions: []
"""
SP = series("sp500-daily")
CLAIMS: Claims = {"1862.49": SP.at("2014-10-15").close, "1874.18": SP.at("2014-10-15").open}


@pytest.fixture
def gate(tmp_path: Path) -> Any:
    def written(length: str = "17", sum: str = "1862.49 − 1874.18 = **−11.69**") -> Gate:
        path = tmp_path / "gate.yaml"
        path.write_text(GATE.format(length=length, sum=sum), "utf-8")
        return Gate(path)

    return written


def test_what_is_claimed_rightly_and_what_is_listed_passes(gate: Any) -> None:
    assert faults(gate(), CLAIMS, {"17"}) == []


@pytest.mark.parametrize(
    ("changes", "claims", "plain", "found"),
    [
        (
            {"length": "18"},
            CLAIMS,
            {"17"},
            ["18 is neither claimed nor listed", "17 is listed and in no text"],
        ),
        ({}, {**CLAIMS, "1862.49": Decimal("1862.48")}, {"17"}, ["1862.49 is 1862.48 when computed"]),
        ({}, {**CLAIMS, "17": (17, 16)}, (), ["17 is 16 when computed"]),
        ({}, {**CLAIMS, "17": 17}, {"17"}, ["17 is both claimed and listed"]),
        ({}, {**CLAIMS, "2.05": 2.05}, {"17"}, ["2.05 is listed and in no text"]),
        ({"sum": "1862.49 − 1874.18 = −11.70"}, CLAIMS, {"17"}, ["1862.49 − 1874.18 = −11.70 is wrong"]),
    ],
)
def test_what_is_wrong_is_named(
    gate: Any, changes: dict[str, str], claims: Claims, plain: set[str], found: list[str]
) -> None:
    sentences = faults(gate(**changes), claims, plain)
    assert len(sentences) == len(found)
    assert all(sentence.startswith(start) for sentence, start in zip(sentences, found, strict=True))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("20 bars, +2R, −0.4R and 12.96%", ["20", "2", "−0.4", "12.96%"]),
        ("18 to 22 May; 4 and 5 June 2010, on 1\n January", []),
        ("at 2818.19 and 12 July at 15,000", ["2818.19", "15,000"]),
        ("1. first\n2. second 3", ["3"]),
        ("1.19840 to {low}, 17:00", ["1.19840"]),
    ],
)
def test_dates_times_and_list_items_are_no_numerals(text: str, said: list[str]) -> None:
    assert [one.numeral for one in numerals([text])] == said


@pytest.mark.parametrize(
    ("numeral", "claim", "is_true"),
    [
        ("78%", 0.7816, True),
        ("78%", 0.7851, False),
        ("128", 128.49, True),
        ("about 500", Near(503, 5), True),
        ("about 500", Near(506, 5), False),
    ],
)
def test_a_claim_is_as_exact_as_its_digits(gate: Any, numeral: str, claim: Any, is_true: bool) -> None:
    claims = {**CLAIMS, numeral.removeprefix("about "): claim}
    assert (faults(gate(length=numeral), claims, set()) == []) is is_true


def test_a_swing_needs_its_bars_on_both_sides() -> None:
    october = SP.between("2014-10-01", "2014-10-22")
    assert SP.at("2014-10-15") in swing_lows(october)
    assert SP.at("2014-10-15") not in swing_lows(october[:-1])
    assert swing_highs(october[:10]) == []
