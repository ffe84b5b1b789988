"""Every kind of question over HTTP: what is asked, what may be answered, what it earns and hears."""

import datetime as dt
import re
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client

from learning.content import ContentErrors
from learning.models import Attempt, Lesson
from learning.questions import KINDS, as_form
from tests.factories.learning import chart, make_gate
from tests.factories.questions import chart_point, chart_price, matching, multiple_choice, numeric, ordering

pytestmark = pytest.mark.django_db
Json = dict[str, Any]
EACH = {
    "multiple_choice": multiple_choice,
    "numeric": numeric,
    "ordering": ordering,
    "matching": matching,
    "chart_point": chart_point,
    "chart_price": chart_price,
}


def gate_of(*questions: Json) -> Lesson:
    return make_gate(assessment_data={"pass_score": 50, "questions": list(questions)})


def begin(client: Client, *questions: Json) -> Attempt:
    if questions:
        gate_of(*questions)
    place = client.post("/learn/1/1/assessment/begin/").headers["Location"]
    return Attempt.objects.select_related("version").get(pk=place.split("/")[2])


def only(attempt: Attempt) -> tuple[Json, Json]:
    """Paper and stored rendering of the first question."""
    paper = attempt.paper["questions"][0]
    return next(q for q in attempt.version.rendered["questions"] if q["id"] == paper["id"]), paper


def hand_in(client: Client, attempt: Attempt, form: dict[str, list[str]]) -> tuple[int, str]:
    answer = client.post(f"/attempts/{attempt.pk}/submit/", form, follow=True)
    return answer.status_code, answer.content.decode()


def graded(attempt: Attempt) -> Json:
    attempt.refresh_from_db()
    assert attempt.outcome
    feedback: Json = attempt.outcome["feedback"][0]
    return feedback


@pytest.mark.parametrize("kind", EACH)
def test_a_right_and_a_wrong_answer(as_ash: Client, kind: str) -> None:
    attempt = begin(as_ash, EACH[kind]())
    stored, paper = only(attempt)
    wrong = KINDS[paper["type"]].mistake(stored, paper)
    assert hand_in(as_ash, attempt, as_form(paper["token"], wrong))[0] == 200
    assert graded(attempt)["correct"] is False
    again = Attempt.objects.get(
        pk=as_ash.post("/learn/1/1/assessment/begin/").headers["Location"].split("/")[2]
    )
    stored, paper = only(again)
    status, page = hand_in(
        as_ash, again, as_form(paper["token"], KINDS[paper["type"]].solution(stored, paper))
    )
    assert (status, graded(again)["credit"], again.score) == (200, 1.0, 100)
    assert "Gate passed" in page


@pytest.mark.parametrize("kind", EACH)
def test_an_answer_is_kept_while_one_goes_on_and_shown_again(as_ash: Client, kind: str) -> None:
    attempt = begin(as_ash, EACH[kind]())
    stored, paper = only(attempt)
    given = KINDS[paper["type"]].solution(stored, paper)
    form = as_form(paper["token"], given)
    assert as_ash.post(f"/attempts/{attempt.pk}/save/", form).status_code == 204
    attempt.refresh_from_db()
    assert attempt.answers == {paper["token"]: given}
    page = as_ash.get(f"/attempts/{attempt.pk}/").content.decode()
    for values in form.values():
        for value in values:
            assert re.search(rf'value="{re.escape(value)}"[^>]*\b(checked|selected|maxlength)', page), value
    assert "1</b> of 1 answered" in page


@pytest.mark.parametrize("kind", EACH)
def test_nothing_of_an_answer_the_paper_does_not_offer_is_kept(as_ash: Client, kind: str) -> None:
    attempt = begin(as_ash, EACH[kind]())
    _, paper = only(attempt)
    strange: dict[str, list[str]] = {
        paper["token"]: ["" if kind in ("numeric", "chart_price") else "a"],
        "q1": ["a"],
    }
    for part in [*paper.get("items", ()), *paper.get("lefts", ())]:
        strange[f"{paper['token']}-{part['token']}"] = ["99"]
    assert as_ash.post(f"/attempts/{attempt.pk}/save/", strange).status_code == 204
    attempt.refresh_from_db()
    assert attempt.answers == {}
    status, page = hand_in(as_ash, attempt, strange)
    assert status == 422
    assert "Question 1: " in page


# --- Multiple choice ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("credit", "ticked", "earned"),
    [
        ("exact", "ab", 1),
        ("exact", "a", 0),
        ("exact", "abc", 0),
        ("proportional", "ab", 1),
        ("proportional", "a", Fraction(3, 4)),
        ("proportional", "abc", Fraction(3, 4)),
        ("proportional", "abcd", Fraction(1, 2)),
        ("proportional", "cd", 0),
    ],
)
def test_credit_for_several_choices(as_ash: Client, credit: str, ticked: str, earned: Fraction) -> None:
    attempt = begin(as_ash, multiple_choice(credit=credit))
    stored, paper = only(attempt)
    tokens = [choice["token"] for choice in paper["choices"] if choice["id"] in ticked]
    assert KINDS["multiple_choice"].grade(stored, paper, tokens).credit == earned
    hand_in(as_ash, attempt, {paper["token"]: tokens})
    assert graded(attempt)["credit"] == float(earned)
    assert attempt.score == int(earned * 100)


def test_what_was_ticked_and_what_was_left_out_is_spoken_of(as_ash: Client) -> None:
    attempt = begin(as_ash, multiple_choice())
    _, paper = only(attempt)
    tokens = [choice["token"] for choice in paper["choices"] if choice["id"] in "ac"]
    _, page = hand_in(as_ash, attempt, {paper["token"]: tokens})
    assert [mark for mark in ("FEEDBACK-a", "FEEDBACK-b", "FEEDBACK-c", "FEEDBACK-d") if mark in page] == [
        "FEEDBACK-a",
        "FEEDBACK-b",
        "FEEDBACK-c",
    ]
    assert graded(attempt)["misconceptions"] == ["stop-is-a-price"]


def test_an_answer_that_is_partly_right_says_how_much(as_ash: Client) -> None:
    attempt = begin(as_ash, multiple_choice(credit="proportional"))
    _, paper = only(attempt)
    tokens = [choice["token"] for choice in paper["choices"] if choice["id"] == "a"]
    _, page = hand_in(as_ash, attempt, {paper["token"]: tokens})
    assert "Partly right: 75 % of this question" in page


# --- Numeric -----------------------------------------------------------------------------------------


def fixed(**changes: Any) -> Json:
    made = numeric(prompt="How much?", explanation="So much.", parameters=[], answer="12.5", **changes)
    return {name: value for name, value in made.items() if name not in ("near_misses", "least", "most")}


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("12.5", True),
        ("12,5", True),
        (" 12.5 shares ", True),
        ("13.0", True),
        ("13.01", False),
        ("12", True),
        ("-12.5", False),
        ("1.25e1", None),
        ("twelve", None),
        ("12 500", False),
        ("12,500", None),
        ("٫", None),
    ],
)
def test_numbers_as_people_type_them(as_ash: Client, typed: str, right: bool | None) -> None:
    attempt = begin(as_ash, fixed())
    _, paper = only(attempt)
    status, page = hand_in(as_ash, attempt, {paper["token"]: [typed]})
    if right is None:
        assert status == 422
        assert "Question 1: write" in page
        assert f'value="{typed}"' in page
    else:
        assert graded(attempt)["correct"] is right


def test_a_comma_that_can_mean_both_is_asked_about(as_ash: Client) -> None:
    attempt = begin(as_ash, fixed())
    _, paper = only(attempt)
    _, page = hand_in(as_ash, attempt, {paper["token"]: ["12,500"]})
    assert "write 12.500 or 12500: a single comma can mean both" in page


def test_every_attempt_has_numbers_of_its_own_and_is_graded_by_them(as_ash: Client) -> None:
    prompts = set()
    gate_of(numeric())
    for _ in range(4):
        attempt = begin(as_ash)
        _, paper = only(attempt)
        prompts.add(paper["prompt"])
        assert "{" not in paper["prompt"]
        account, risk, distance = (
            Fraction(value.replace(",", "")) for value in re.findall(r"[\d,]+(?:\.\d+)?", paper["prompt"])
        )
        shares = account * risk / 100 / distance
        _, page = hand_in(as_ash, attempt, {paper["token"]: [f"{float(shares):.3f}"]})
        assert graded(attempt)["correct"] is True
        assert f"The risk of {int(account):,} at" in page
    assert len(prompts) > 1


def test_a_known_mistake_is_answered_as_such(as_ash: Client) -> None:
    attempt = begin(as_ash, numeric())
    stored, paper = only(attempt)
    form = as_form(paper["token"], KINDS["numeric"].mistake(stored, paper))
    _, page = hand_in(as_ash, attempt, form)
    assert "FORGOT-PERCENT" in page
    assert "FEEDBACK-NUMBER" not in page
    assert graded(attempt)["misconceptions"] == ["percent-is-whole"]


# --- A place on the chart ----------------------------------------------------------------------------


def answered(client: Client, made: Json, given: str) -> tuple[Json, str]:
    attempt = begin(client, made)
    _, paper = only(attempt)
    status, page = hand_in(client, attempt, {paper["token"]: [given]})
    assert status == 200, page
    return graded(attempt), page


def day(number: int) -> str:
    return str(int(dt.datetime(2024, 1, number, tzinfo=dt.UTC).timestamp()))


@pytest.mark.parametrize(("number", "right"), [(5, False), (6, True), (7, True), (8, True), (9, False)])
def test_a_bar_counts_so_far_beside_the_one_that_is_meant(as_ash: Client, number: int, right: bool) -> None:
    found, page = answered(as_ash, chart_point(), day(number))
    assert found["correct"] is right
    assert f"{number} Jan 2024" in page
    assert "7 Jan 2024" in page


def test_a_bar_that_is_not_on_the_chart_is_no_answer(as_ash: Client) -> None:
    attempt = begin(as_ash, chart_point())
    _, paper = only(attempt)
    for strange in (day(4), day(15), "1e9", "-1", "2024-01-07"):
        status, page = hand_in(as_ash, attempt, {paper["token"]: [strange]})
        assert status == 422
        assert "Question 1: choose a bar" in page


@pytest.mark.parametrize(
    ("changes", "typed", "right"),
    [
        ({}, "105", True),
        ({}, "104.49", False),
        ({"tolerance": "0.5"}, "104", True),
        ({"tolerance": 2, "tolerance_in": "ticks"}, "104.48", True),
        ({"tolerance": 2, "tolerance_in": "ticks"}, "104.47", False),
        ({}, "105,2", True),
    ],
)
def test_a_price_counts_so_far_beside_those_that_are_meant(
    as_ash: Client, changes: Json, typed: str, right: bool
) -> None:
    found, _ = answered(as_ash, chart_price(**changes), typed)
    assert found["correct"] is right


def test_a_tolerance_may_be_a_part_of_the_range_of_a_bar(as_ash: Client) -> None:
    wide = chart(end="2024-01-20")
    attempt = begin(as_ash, chart_price(chart=wide, tolerance=1, tolerance_in="atr"))
    stored, _ = only(attempt)
    assert 4 < float(stored["around"]) < 8  # bars of the test data reach 5, and gap by up to 4


@pytest.mark.parametrize(
    ("made", "given", "said", "misconception"),
    [
        (chart_point(), day(13), "TOO-LATE", "after-the-fact"),
        (chart_point(), day(10), "FEEDBACK-BAR", None),
        (chart_price(), "111", "TOO-HIGH", "target-is-support"),
        (chart_price(), "90", "FEEDBACK-PRICE", None),
    ],
)
def test_feedback_belongs_to_the_place_that_was_pointed_at(
    as_ash: Client, made: Json, given: str, said: str, misconception: str | None
) -> None:
    found, page = answered(as_ash, made, given)
    assert said in page
    assert found["misconceptions"] == ([misconception] if misconception else [])


@pytest.mark.parametrize(
    ("made", "sentence"),
    [
        (chart_point(time="2024-01-20"), "time: there is no bar at that time on the chart"),
        (chart_price(tolerance=1, tolerance_in="atr"), "tolerance_in: ATR needs a chart of at least 14 bars"),
    ],
)
def test_an_answer_that_does_not_fit_its_chart_is_not_published(made: Json, sentence: str) -> None:
    with pytest.raises(ContentErrors, match=sentence) as caught:
        gate_of(made)
    assert caught.value.sentences[0].startswith("Question 1 (chart_point) – ")


# --- Ordering and matching ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "credit", "earned"),
    [
        ("idea stop size order", "proportional", 1),
        ("idea size stop order", "proportional", Fraction(5, 6)),
        ("order size stop idea", "proportional", 0),
        ("idea size stop order", "exact", 0),
    ],
)
def test_credit_for_an_order(as_ash: Client, order: str, credit: str, earned: Fraction) -> None:
    attempt = begin(as_ash, ordering(credit=credit))
    stored, paper = only(attempt)
    tokens = {item["id"]: item["token"] for item in paper["items"]}
    given = {tokens[one]: str(n) for n, one in enumerate(order.split(), start=1)}
    assert KINDS["ordering"].grade(stored, paper, given).credit == earned
    _, page = hand_in(as_ash, attempt, as_form(paper["token"], given))
    assert ("SIZE-NEEDS-STOP" in page) is (earned != 1)
    assert ("FEEDBACK-ORDER" in page) is (earned == 1)


def test_two_lines_in_one_place_are_asked_about(as_ash: Client) -> None:
    attempt = begin(as_ash, ordering())
    _, paper = only(attempt)
    given = {item["token"]: "1" for item in paper["items"]}
    status, page = hand_in(as_ash, attempt, as_form(paper["token"], given))
    assert status == 422
    assert "Question 1: two lines have the same place" in page


@pytest.mark.parametrize(("credit", "earned"), [("proportional", Fraction(1, 3)), ("exact", Fraction(0))])
def test_credit_for_partners(as_ash: Client, credit: str, earned: Fraction) -> None:
    attempt = begin(as_ash, matching(credit=credit))
    stored, paper = only(attempt)
    lefts = {left["id"]: left["token"] for left in paper["lefts"]}
    partners = {partner["text"]: partner["token"] for partner in paper["partners"]}
    given = {
        lefts["market"]: partners["A trade"],
        lefts["limit"]: partners["Both"],
        lefts["stop"]: partners["A price"],
    }
    assert KINDS["matching"].grade(stored, paper, given).credit == earned
    _, page = hand_in(as_ash, attempt, as_form(paper["token"], given))
    assert [mark for mark in ("PAIR-market", "PAIR-limit", "PAIR-stop") if mark in page] == [
        "PAIR-limit",
        "PAIR-stop",
    ]


def test_a_score_adds_what_each_answer_earned_and_is_rounded_down(as_ash: Client) -> None:
    attempt = begin(as_ash, multiple_choice(1, credit="proportional"), matching(2), ordering(3))
    form: dict[str, list[str]] = {}
    for paper in attempt.paper["questions"]:
        stored = next(q for q in attempt.version.rendered["questions"] if q["id"] == paper["id"])
        kind = KINDS[paper["type"]]
        answer = kind.mistake if paper["type"] == "matching" else kind.solution
        form |= as_form(paper["token"], answer(stored, paper))
    hand_in(as_ash, attempt, form)
    attempt.refresh_from_db()
    assert attempt.score == 77  # (1 + 1/3 + 1) / 3
    assert attempt.outcome
    assert (attempt.outcome["correct"], attempt.outcome["total"], attempt.outcome["perfect"]) == (2, 3, False)
