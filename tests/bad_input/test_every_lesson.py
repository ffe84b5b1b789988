"""Lessons drawn from their schema: good ones are published and shown, spoilt ones are refused in words."""

import html
import json
import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.blocks import KINDS as BLOCKS
from learning.content import (
    AssessmentContent,
    ContentErrors,
    LessonContent,
    parse_assessment,
    parse_content,
)
from learning.models import Figure, Lesson
from learning.publishing import publish
from learning.questions import KINDS as QUESTIONS
from tests.amounts import amount
from tests.bad_input.bodies import FORM, urlencoded
from tests.bad_input.browser import words_of
from tests.bad_input.house import Visitor
from tests.bad_input.lessons import (
    NOWHERE_GOOD,
    Json,
    assessments,
    contents,
    holder,
    one_of_each,
    paths,
    with_value,
    without,
)
from tests.database.rows import undone
from tests.factories.fuzz import steady
from tests.factories.learning import make_dataset
from tests.factories.media import make_figure

pytestmark = pytest.mark.django_db
AT_ONCE = 8  # cases of one lesson: drawing it costs more than judging it
PLACE = re.compile(r"(Block|Question) (\d+)( \([^)]*\))?( – [\w ,]+)?: .")


def first_gate() -> Lesson:
    make_dataset()
    if not Figure.objects.filter(pk="a-figure").exists():
        make_figure()
    return Lesson.objects.get(level_id=1, gate_id=1)


def kinds(content: Json, assessment: Json) -> set[str]:
    return {one["type"] for one in (*content["blocks"], *assessment["questions"])}


def test_a_good_lesson_is_published_and_every_block_of_it_is_shown(
    house: dict[str, Visitor], tally: Counter[str]
) -> None:
    shown: set[str] = set()
    learner, gate = house["learner"].browser, first_gate()

    @steady(amount(5, 800))
    @given(contents, assessments)
    def show(content: Json, assessment: Json) -> None:
        with undone():
            publish(Lesson.objects.get(pk=gate.pk), content_data=content, assessment_data=assessment)
            for number in range(1, len(content["blocks"]) + 1):
                assert learner.once("GET", f"/learn/1/1/{number}/").status_code == 200
            assert learner.once("GET", "/learn/1/1/assessment/").status_code == 200
        shown.update(kinds(content, assessment))
        tally["fuzz cases: good lessons, published and shown"] += 1

    @steady(amount(2, 50))
    @given(one_of_each(LessonContent, BLOCKS.values()), one_of_each(AssessmentContent, QUESTIONS.values()))
    def show_every_kind(blocks: Json, questions: Json) -> None:
        show.hypothesis.inner_test({"blocks": blocks}, {"questions": questions})  # type: ignore[attr-defined]

    show()
    show_every_kind()
    assert shown == set(BLOCKS) | set(QUESTIONS), "no lesson had a block of some kind"


def refused(parse: Callable[[object], object], data: Json) -> tuple[str, ...]:
    with pytest.raises(ContentErrors) as caught:
        parse(data)
    assert all(isinstance(one, str) and len(one) < 1_000 for one in caught.value.sentences)
    json.dumps(caught.value.sentences, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return caught.value.sentences


def names_the_place(sentences: tuple[str, ...], path: tuple[Any, ...]) -> bool:
    """Within a block or a question the sentence begins with its number; elsewhere with the field."""
    if len(path) < 2:
        return any(one.startswith(str(path[0])) or PLACE.match(one) for one in sentences)
    return any((found := PLACE.match(one)) and int(found[2]) == path[1] + 1 for one in sentences)


@pytest.mark.parametrize(("made", "parse"), [(contents, parse_content), (assessments, parse_assessment)])
def test_what_no_place_can_hold_is_refused_with_the_place(
    tally: Counter[str], made: st.SearchStrategy[Json], parse: Callable[[object], object]
) -> None:
    @steady(amount(10, 1_200))
    @given(made, st.data())
    def spoil(good: Json, data: st.DataObject) -> None:
        spots = st.tuples(st.sampled_from(paths(good)), st.sampled_from(sorted(NOWHERE_GOOD)))
        for path, what in data.draw(st.lists(spots, min_size=AT_ONCE, max_size=AT_ONCE)):
            assert names_the_place(refused(parse, with_value(good, path, NOWHERE_GOOD[what]())), path)
        tally["fuzz cases: spoilt lessons"] += AT_ONCE

    spoil()


@pytest.mark.parametrize(("made", "parse"), [(contents, parse_content), (assessments, parse_assessment)])
def test_a_key_too_many_is_refused_and_a_key_too_few_is_refused_or_had_a_default(
    tally: Counter[str], made: st.SearchStrategy[Json], parse: Callable[[object], object]
) -> None:
    @steady(amount(10, 400))
    @given(made)
    def spoil(good: Json) -> None:
        for path in paths(good):
            if isinstance(path[-1], int) and not isinstance(holder(good, (*path, "")), dict):
                continue  # a text in a list has no keys
            odd = (*path[:-1], "odd") if isinstance(path[-1], str) else (*path, "odd")
            assert names_the_place(refused(parse, with_value(good, odd, 1)), odd[:2])
            # Nothing else is raised; a field with a default may well be left out.
            with suppress(ContentErrors):
                parse(without(good, path))
            tally["fuzz cases: spoilt lessons"] += 2

    spoil()


# --- As text, in the admin ------------------------------------------------------------------------------

TEXT_ODDITIES = (
    '"\\u0000"',
    '"\\ud800"',
    "NaN",
    "-Infinity",
    "1e400",
    "-1e400",
    "-0",
    "9" * 400,
    "9" * 5_000,
    "[" * 200 + "]" * 200,
    "[" * 5_000 + "]" * 5_000,
    '{"a":' * 900 + "1" + "}" * 900,
    '{"id": "x", "id": "y"}',
    "tru",
    "{",
    '"',
    "\0",
    "'a'",
    "01",
    "/* */ 1",
    "\ufeff1",
    '"' + "x" * 300_000 + '"',
)


def test_json_that_is_refused_comes_back_as_it_was_typed(
    house: dict[str, Visitor], tally: Counter[str]
) -> None:
    staff, path = house["staff"].browser, "/admin/gamification/achievement/add/"

    @steady(amount(20, 1_000))
    @given(contents, st.data())
    def send(good: Json, data: st.DataObject) -> None:
        spot = data.draw(st.sampled_from(paths(good)))
        odd = data.draw(st.sampled_from(TEXT_ODDITIES))
        text = json.dumps(with_value(good, spot, "\x1aHERE"), ensure_ascii=False).replace(
            '"\\u001aHERE"', odd
        )
        sent = urlencoded({"requirements": [text], "title": ["T"]})
        response = staff.once("POST", path, data=sent, content_type=FORM)
        page = response.content.decode()
        assert response.status_code == 200
        assert words_of(page)
        assert (
            html.escape(text).replace("\0", "�").replace("\r", "") in page.replace("\0", "�") or "\0" in text
        )
        tally["fuzz cases: JSON typed in the admin"] += 1

    send()
