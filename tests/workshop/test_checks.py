"""What is found before a draft is published: all that stands in the way, and advice that does not."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learning.models import Figure, Lesson
from learning.workshop.checks import Findings, findings
from learning.workshop.drafts import Draft, draft_of
from tests.factories.blocks import checkpoint, prose, replay, video, worked_example
from tests.factories.learning import assessment, chart, content, make_gate, make_topic, question
from tests.factories.media import make_figure
from tests.factories.questions import matching, numeric
from tests.secrecy import house, samples

pytestmark = pytest.mark.django_db
Json = dict[str, Any]


def of(lesson: Lesson, *blocks: Json, questions: list[Json] | None = None, **rules: Any) -> Findings:
    """What is found in a draft of these blocks and questions; five sound questions unless told."""
    asked = {**assessment(), **rules} | ({} if questions is None else {"questions": questions})
    made = {"blocks": list(blocks) or content()["blocks"]}
    return findings(lesson, Draft(lesson.pk, 1, made, asked, 1))


def told(found: Findings) -> tuple[str, str]:
    """Problems and advice as two texts."""
    return "\n".join(one.words for one in found.problems), "\n".join(one.words for one in found.advice)


def altered(made: Json, change: Callable[[Json], object]) -> Json:
    after = copy.deepcopy(made)
    change(after)
    return after


SAME_TWICE = altered(question(1), lambda q: q["choices"][0].update(text="Answer b of 1"))


def test_a_sound_gate_may_be_published(gate: Lesson) -> None:
    found = findings(gate, draft_of(gate))
    assert found.problems == ()
    assert found.may_publish


def test_every_kind_of_block_and_question_passes(db: None) -> None:
    lesson = house.build().gates["1.1"]
    draft = Draft(lesson.pk, 1, samples.content("a", 0), samples.assessment("b", 0), 1)
    assert findings(lesson, draft).problems == ()


def test_all_errors_are_told_at_once_each_with_the_id_of_its_item(gate: Lesson) -> None:
    broken = prose(id="lost", markdown="A [[word|word]] that is not there.")
    found = of(
        gate,
        prose(id="empty", markdown="", title=""),
        {"id": "what", "type": "no-such-kind"},
        broken,
        questions=[
            altered(question(1), lambda q: q["choices"][1].update(correct=False)),
            altered(question(2), lambda q: q.update(topic="unknown")),
            numeric(3, answer="account /"),
        ],
        pass_score=300,
    )
    assert [(one.part, one.item) for one in found.problems] == [
        ("gate", ""),
        ("block", "empty"),
        ("block", "empty"),
        ("block", "what"),
        ("block", "lost"),
        ("question", "q1"),
        ("question", "q2"),
        ("question", "q3"),
    ]
    words = told(found)[0]
    assert "pass_score" in words
    assert "Block 1 (prose) – markdown" in words
    assert "Block 3 (prose) – markdown: there is no glossary term 'word'" in words
    assert "Question 1 (single_choice): exactly one choice must be correct" in words
    assert "Question 3 (numeric) – answer" in words
    assert not found.may_publish


def test_twins_are_told(gate: Lesson) -> None:
    assert "two blocks have the id 'words'" in told(of(gate, prose(), prose()))[0]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (numeric(1, tolerance="0.001"), "its right answer, as learners are shown it, is not right"),
        (SAME_TWICE, "two choices say the same"),
        (numeric(1, most=2), "above the most that is allowed"),
    ],
)
def test_questions_are_tried_before_learners_get_them(gate: Lesson, made: Json, words: str) -> None:
    found = of(gate, questions=[made, question(2)])
    assert [(one.part, one.item) for one in found.problems] == [("question", "q1")]
    assert words in found.problems[0].words


def test_a_question_inside_the_lesson_is_tried_too(gate: Lesson) -> None:
    assert [one.item for one in of(gate, checkpoint(question=SAME_TWICE)).problems] == ["check"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/learn/1/1/", ""),
        ("/glossary/", ""),
        ("https://example.org/page", ""),
        ("mailto:help@example.org", ""),
        ("/learn/1/9/", "leads to no page of learners"),
        ("/glossary/nothing/", "leads to no page of learners"),
        ("/admin/", "leads to no page of learners"),
        ("/nowhere", "leads to no page of learners"),
        ("http://example.org/", "has to begin with https://"),
        ("//example.org/", "has to begin with https://"),
        ("page-2", "begin it with /"),
        ("ftp://example.org/", "a link leads nowhere"),
    ],
)
def test_links_lead_somewhere(gate: Lesson, address: str, words: str) -> None:
    found = of(gate, prose(markdown=f"See [there]({address})."))
    problems, said = told(found)
    assert words in problems
    assert bool(words) is bool(problems)
    assert ("https://example.org/page" in said) is (address == "https://example.org/page")


def test_a_video_is_a_link_to_somebody_else(gate: Lesson) -> None:
    assert "https://video.example.org/7" in told(of(gate, video()))[1]


def test_words_for_those_who_do_not_see_it(gate: Lesson) -> None:
    same = {"id": "c", "type": "chart", "title": "The title", "chart": chart(summary="The title.")}
    blank = altered(replay(), lambda b: b["chart"].update(summary=" "))
    problems, said = told(of(gate, same, blank, question_chart()))
    assert "Block 1 (chart) – chart, summary: repeats the title" in problems
    assert "Block 2 (replay) – chart, summary: says nothing" in problems
    assert "Block 3 (chart) – chart, summary: is short" in said
    make_figure("drawn")
    figure = {"id": "f", "type": "figure", "title": "A teal rectangle", "figure": "drawn"}
    assert "only repeats the title" in told(of(gate, figure))[1]
    Figure.objects.update(alt=" ")
    assert "figure: has no words" in told(of(gate, figure))[0]


def question_chart() -> Json:
    return {"id": "short", "type": "chart", "title": "A chart", "chart": chart(summary="It rises.")}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Big", "begin it with ###"),
        ("##### Deep", "comes without one of level 4"),
        ("![a chart](/static/a.png)", "a picture in Markdown is not shown"),
        ("### Fine\n\n#### Also fine", ""),
        ("`# no heading`", ""),
    ],
)
def test_markdown_that_learners_would_not_see(gate: Lesson, text: str, words: str) -> None:
    found = [one for one in of(gate, prose(markdown=text)).advice if one.part == "block"]
    assert (words in found[0].words) if words else found == []


def test_advice_on_what_gives_answers_away(gate: Lesson) -> None:
    telling = altered(question(1), lambda q: q["choices"][1].update(text="It is right because " + "so " * 20))
    above = altered(question(2), lambda q: q["choices"][2].update(text="All of the above"))
    same = altered(question(3), lambda q: [one.update(feedback="No.") for one in q["choices"]])
    again = question(4) | {"prompt": "Question 1?"}
    found = of(gate, questions=[telling, above, same, again])
    assert found.problems == ()
    said = {one.item: one.words for one in found.advice if one.part == "question"}
    assert "by far the longest" in said["q1"]
    assert "may stand first" in said["q2"]
    assert "hears the same" in said["q3"]
    assert "same words as an earlier question" in said["q4"]


def test_advice_on_how_the_parts_go_together(gate: Lesson) -> None:
    make_topic("orders")
    practised = checkpoint(question=question(7) | {"topic": "orders"})
    said = told(of(gate, practised, prose(), prose(id="more"), questions=[question(1), matching(2)]))[1]
    assert "practises the topic orders, which no question asks" in said
    assert "title of an earlier block" in said
    assert "With 2 questions a pass score of 80 % forgives no mistake" in said
    assert "forgives no mistake" not in told(of(gate))[1]


def test_the_time_that_a_lesson_takes(gate: Lesson) -> None:
    long = worked_example(markdown="word " * 4_000)
    assert "The gate says 10 minutes; reading and answering take about 25" in told(of(gate, long))[1]
    gate.estimated_time = dt.timedelta(minutes=24)
    assert "minutes" not in told(of(gate, long))[1]
    gate.estimated_time = None
    assert "does not say how long it takes; about 25 minutes" in told(of(gate, long))[1]


def test_whether_learners_can_get_there(gate: Lesson, second_gate: Lesson) -> None:
    later = make_gate(2, 1)
    gate.prerequisites = [later.pk]  # which waits for all of level 1
    assert "No learner can ever get to the gate: Pass gate 2.1" in told(of(gate))[0]
    gate.prerequisites = [second_gate.pk]
    assert "they lead back to where they began" in told(of(gate))[0]
    Lesson.objects.filter(pk=second_gate.pk).update(is_active=False, prerequisites=[])
    problems, said = told(of(gate))
    assert (problems, "is out of use: learners come in without it" in said) == ("", True)


def test_what_keeps_learners_out_is_told_and_may_be_meant(gate: Lesson) -> None:
    gate.is_active, gate.level.is_active, gate.xp_reward = False, False, 0
    found = of(gate)
    said = told(found)[1]
    assert found.may_publish
    for words in ("The gate is out of use", "Level 1 is not shown", "pays no XP"):
        assert words in said
    assert "No plan on sale opens level 9" in told(of(make_gate(9, 1)))[1]
    nothing = findings(gate, Draft(gate.pk, 1, content(), None, 1))
    assert "The gate has no questions" in told(nothing)[1]


@pytest.mark.parametrize(
    "hostile", [{}, {"blocks": 5}, {"blocks": [None, [], {"type": []}]}, {"blocks": [{}] * 3}]
)
def test_whatever_is_in_a_draft_is_told_in_words(gate: Lesson, hostile: Json) -> None:
    for assessed in (None, hostile, {"questions": [1, {"id": 3, "type": "numeric"}], "draw": "x"}):
        assert findings(gate, Draft(gate.pk, 1, hostile, assessed, None)).problems


def test_checking_takes_no_query_for_each_item(gate: Lesson) -> None:
    def asked(blocks: int) -> int:
        made = [prose(id=f"p{n}", title=f"P{n}", markdown="[a](/learn/1/1/)") for n in range(blocks)]
        with CaptureQueriesContext(connection) as captured:
            of(gate, *made)
        return len(captured)

    asked(1)  # what is compiled once
    assert asked(1) == asked(20)
