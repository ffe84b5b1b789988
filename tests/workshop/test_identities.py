"""A changed question keeps its id as long as its old answers mean the same."""

import copy
import random
from collections.abc import Callable
from typing import Any

import pytest

from learning.content import parse_assessment
from learning.page_renderer import PageRenderer
from learning.questions import KINDS
from learning.workshop.identities import renewed
from tests.factories.learning import chart, make_dataset, make_topic, question
from tests.factories.questions import chart_point, chart_price, matching, multiple_choice, numeric, ordering
from tests.secrecy import samples

Json = dict[str, Any]
Change = Callable[[Json], object]


def trade_plan() -> Json:
    made: Json = next(one for one in samples.assessment("a", 0)["questions"] if one["type"] == "trade_plan")
    return made | {"id": "q1", "chart": chart()}


# What may change of a kind without that anybody's old answer means something else, and what may not.
KEEPS: list[tuple[Callable[[], Json], Change]] = [
    (lambda: question(1), lambda q: q.update(prompt="Said better?", topic="orders")),
    (lambda: question(1), lambda q: q["choices"].reverse()),
    (
        lambda: question(1),
        lambda q: (q["choices"][0].update(correct=True), q["choices"][1].update(correct=False)),
    ),
    (multiple_choice, lambda q: q.update(credit="proportional")),
    (numeric, lambda q: q.update(answer="account * risk / 100 / distance + 1", tolerance="2")),
    (numeric, lambda q: q.update(unit="Shares")),
    (ordering, lambda q: (q.update(slips=[]), q["items"].reverse())),
    (matching, lambda q: q["pairs"][0].update(left="Another word for it")),
    (chart_point, lambda q: q.update(time="2024-01-09", within_bars=2, spots=[])),
    (chart_price, lambda q: q.update(low="103", tolerance="1")),
    (trade_plan, lambda q: q["rules"].pop()),
]
RENEWS: list[tuple[Callable[[], Json], Change]] = [
    (lambda: question(1), lambda q: q["choices"].pop(0)),
    (lambda: question(1), lambda q: q["choices"][0].update(id="z")),
    (lambda: question(1), lambda q: q.update(type="multiple_choice")),
    (multiple_choice, lambda q: q["choices"].append({"id": "e", "text": "E", "feedback": "F"})),
    (numeric, lambda q: q["parameters"][0].update(high=30000)),
    (numeric, lambda q: q.update(unit="lots")),
    (ordering, lambda q: q["items"].append({"id": "last", "text": "The last"})),
    (matching, lambda q: q["pairs"][0].update(right="Another promise")),
    (matching, lambda q: q.update(decoys=[])),
    (chart_point, lambda q: q["chart"].update(end="2024-01-20")),
    (chart_price, lambda q: q["chart"].update(dataset="another")),
    (trade_plan, lambda q: q.update(side="short")),
    (trade_plan, lambda q: q.update(account="5000")),
]


def changed(made: Callable[[], Json], change: Change) -> tuple[Json, Json]:
    before = made()
    after = copy.deepcopy(before)
    change(after)
    assert after != before
    return before, after


def stored(question: Json) -> Json:
    return parse_assessment({"questions": [question]}).questions[0].rendered(PageRenderer(), "1")


@pytest.mark.parametrize(("made", "change"), KEEPS)
def test_what_leaves_the_meaning_leaves_the_id(made: Callable[[], Json], change: Change) -> None:
    before, after = changed(made, change)
    assert renewed([before], [after], {before["id"]}) == [after]


@pytest.mark.django_db
@pytest.mark.parametrize(("made", "change"), KEEPS)
def test_every_old_paper_can_be_graded_by_a_question_that_kept_its_id(
    made: Callable[[], Json], change: Change
) -> None:
    make_dataset()
    make_topic()
    make_topic("orders")
    old, new = (stored(one) for one in changed(made, change))
    chance = random.Random(1)
    kind = KINDS[old["type"]]
    paper = kind.paper(old, lambda: f"t{chance.random()}", chance.shuffle)
    for given in (kind.solution(old, paper), kind.mistake(old, paper)):
        assert 0 <= kind.grade(new, paper, given).credit <= 1


@pytest.mark.parametrize(("made", "change"), RENEWS)
def test_what_asks_something_else_gets_an_id_of_its_own(made: Callable[[], Json], change: Change) -> None:
    before, after = changed(made, change)
    assert renewed([before], [after], {before["id"]}) == [{**after, "id": f"{before['id']}-2"}]


def test_every_kind_says_what_its_answers_rest_on() -> None:
    tried = {made()["type"] for made, _ in RENEWS} & {made()["type"] for made, _ in KEEPS}
    assert tried == set(KINDS)


def test_a_new_id_was_never_used_before_and_is_used_once() -> None:
    published = [question(1), multiple_choice(2)]
    draft = [
        {**question(1), "choices": question(1)["choices"][1:]},
        {**multiple_choice(2), "choices": multiple_choice(2)["choices"][:2]},
        {**question(3), "id": "q2-2"},
    ]
    made = renewed(published, draft, {"q1", "q1-2", "q1-3", "q2"})
    assert [one["id"] for one in made] == ["q1-4", "q2-3", "q2-2"]
    assert draft[0]["id"] == "q1"  # what was written stays as it is


def test_a_numbered_id_counts_on_and_stays_as_short_as_ids_are() -> None:
    long = "r" * 40
    published = [{**question(1), "id": name} for name in ("risk-9", long)]
    draft = [{**one, "choices": one["choices"][1:]} for one in published]
    made = renewed(published, draft, {"risk-9", long})
    assert [one["id"] for one in made] == ["risk-10", f"{'r' * 38}-2"]


def test_an_id_of_an_earlier_version_comes_back_only_for_the_same_question() -> None:
    gone = question(1)
    assert renewed([], [gone], {"q1"})[0]["id"] == "q1-2"
    assert renewed([gone, question(2)], [gone], {"q1", "q2"}) == [gone]
    assert renewed([multiple_choice(1), gone], [gone], {"q1"}) == [gone]


def test_a_new_question_and_one_that_is_not_valid_stay_as_they_are() -> None:
    draft = [question(5), {"id": "q1", "type": "single_choice"}, {"type": "no such kind"}]
    assert renewed([question(1)], draft, {"q1"}) == draft
