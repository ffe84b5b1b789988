"""Preview as learner: the real pages of a draft, for staff alone, and nothing is kept of it."""

import re
from collections import Counter
from html import unescape
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from learning.models import Lesson
from learning.workshop import drafts
from tests.conftest import signed_in
from tests.factories.blocks import calculator, checkpoint, prose, reflection, replay
from tests.factories.learning import assessment, chart, content, question
from tests.factories.questions import chart_point, numeric
from tests.secrecy import house, samples
from tests.site.markup import markup_faults

pytestmark = pytest.mark.django_db
Json = dict[str, Any]
WRITES = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")


def address(lesson: Lesson, rest: str = "") -> str:
    return f"/admin/learning/lesson/{lesson.pk}/preview/{rest}"


def write(lesson: Lesson, by: User, *blocks: Json, questions: list[Json] | None = None) -> None:
    """A draft of these blocks, and five questions unless told."""
    asked = assessment() if questions is None else {"pass_score": 50, "questions": questions}
    drafts.save(drafts.draft_of(lesson), content={"blocks": [*blocks]}, assessment=asked, by=by.pk)


def rows() -> Counter[str]:
    return Counter({model.__name__: model._default_manager.count() for model in apps.get_models()})


def fields_of(page: str) -> dict[str, list[str]]:
    """Every answer that the forms of a page offer, by name of the field; a menu's last option counts."""
    radios = re.findall(r'<input type="(?:radio|checkbox)" name="([^"]+)" value="([^"]+)"', page)
    found: dict[str, list[str]] = {}
    for name, value in radios:
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


# --- The frame -----------------------------------------------------------------------------------------


def test_the_frame_shows_the_part_in_the_width_and_colours_that_were_chosen(
    as_sol: Client, gate: Lesson
) -> None:
    page = as_sol.get(address(gate)).content.decode()
    assert f'src="{address(gate)}blocks/1/?theme=light"' in page
    assert '<iframe class="preview-frame phone"' in page
    assert 'title="Preview: 1. Part 1"' in page
    page = as_sol.get(address(gate), {"part": "wrong", "width": "full", "theme": "dark"}).content.decode()
    shown = f"{address(gate)}assessment/?theme=dark&seed=1&answered=wrong"
    assert f'<iframe class="preview-frame full" src="{shown}"' in unescape(page)
    assert page.count("selected") == 3


def test_a_query_of_nonsense_shows_the_first_part(as_sol: Client, gate: Lesson) -> None:
    nonsense = {"part": "block-99", "width": "\U0001f409", "theme": "<script>"}
    answer = as_sol.get(address(gate), nonsense)
    assert answer.status_code == 200
    assert "blocks/1/?theme=light" in answer.content.decode()


def test_what_cannot_be_shown_is_told_in_words(as_sol: Client, gate: Lesson, sol: User) -> None:
    write(gate, sol, prose(id="good"), prose(id="bad", markdown=""), questions=[question(1), {"type": "x"}])
    page = as_sol.get(address(gate)).content.decode()
    assert "Block 2 (prose) – markdown: String should have at least 1 character" in page
    assert "Question 2" in page
    assert as_sol.get(address(gate, "blocks/1/")).status_code == 200
    broken = as_sol.get(address(gate, "blocks/2/")).content.decode()
    assert "This cannot be shown yet" in broken
    assert "Block 2 (prose) – markdown" in broken
    assert "the types are" in as_sol.get(address(gate, "assessment/")).content.decode()


def test_a_gate_without_questions_has_no_paper(as_sol: Client, gate: Lesson, sol: User) -> None:
    draft = drafts.draft_of(gate)
    drafts.save(draft, content={}, assessment=None, by=sol.pk)
    assert as_sol.get(address(gate)).status_code == 200
    assert as_sol.get(address(gate, "assessment/")).status_code == 404


def test_only_these_pages_may_be_framed_and_only_by_our_own(as_sol: Client, gate: Lesson) -> None:
    for rest in ("blocks/1/", "assessment/"):
        headers = as_sol.get(address(gate, rest)).headers
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in headers["Content-Security-Policy"]
        assert "frame-src" not in headers["Content-Security-Policy"]
    headers = as_sol.get(address(gate)).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


# --- Blocks --------------------------------------------------------------------------------------------


def test_a_draft_is_shown_on_the_learners_page_and_stays_a_draft(
    as_sol: Client, as_ash: Client, gate: Lesson, sol: User
) -> None:
    write(gate, sol, prose(markdown="NOT-YET"), prose(id="more", title="More"))
    page = as_sol.get(address(gate, "blocks/1/?theme=dark")).content.decode()
    for words in ("NOT-YET", "Preview of the draft", 'data-theme="dark"', 'target="_top"'):
        assert words in page
    assert f"{address(gate)}blocks/2/?theme=dark" in unescape(page)
    assert "/learn/1/1/" not in page
    last = as_sol.get(address(gate, "blocks/2/")).content.decode()
    assert f"{address(gate)}assessment/?theme=light&seed=1" in unescape(last)
    assert "NOT-YET" not in as_ash.get("/learn/1/1/1/").content.decode()


@pytest.mark.parametrize("number", [0, 3, 10**30])
def test_a_block_that_is_not_there(as_sol: Client, gate: Lesson, sol: User, number: int) -> None:
    write(gate, sol, prose(), prose(id="more"))
    assert as_sol.get(address(gate, f"blocks/{number}/")).status_code == 404


def test_a_checkpoint_is_graded_and_nothing_is_kept(as_sol: Client, gate: Lesson, sol: User) -> None:
    write(gate, sol, checkpoint())
    place = address(gate, "blocks/1/?theme=dark")
    page = as_sol.get(place).content.decode()
    assert f'action="{place}"' in unescape(page)
    assert "FEEDBACK-7" not in page
    ((name, values),) = fields_of(page).items()
    before = rows()
    told = [as_sol.post(place, {name: value}) for value in values]
    assert rows() == before
    assert [answer.status_code for answer in told] == [200] * 3
    assert sum('class="feedback right"' in answer.content.decode() for answer in told) == 1
    assert all("EXPLANATION-7" in answer.content.decode() for answer in told)
    nothing = as_sol.post(place, {})
    assert nothing.status_code == 422
    assert "choose an answer" in nothing.content.decode()
    assert "FEEDBACK-7" not in as_sol.get(place).content.decode()


def test_what_a_block_asks_of_the_address_stays_within_the_preview(
    as_sol: Client, gate: Lesson, sol: User
) -> None:
    write(gate, sol, replay(), calculator(), reflection())
    second = as_sol.get(address(gate, "blocks/1/?theme=dark&frame=2")).content.decode()
    assert "FRAME-2" in second
    assert f"{address(gate)}blocks/1/?theme=dark&frame=3#frames" in unescape(second)
    sums = as_sol.get(address(gate, "blocks/2/?theme=dark&entry=x")).content.decode()
    assert '<input type="hidden" name="theme" value="dark">' in sums
    thoughts = as_sol.post(address(gate, "blocks/3/"), {"text": "mine"})
    assert "mine" not in re.sub("<[^>]+>", "", thoughts.content.decode())
    assert "disabled>Keep it" in thoughts.content.decode()


def test_the_data_of_charts(as_sol: Client, gate: Lesson, sol: User) -> None:
    shown = {"id": "c", "type": "chart", "title": "C", "chart": chart()}
    write(gate, sol, prose(), shown, questions=[question(1), chart_point(2)])
    page = as_sol.get(address(gate, "blocks/2/")).content.decode()
    place = re.search(r'data-src="([^"]+)"', page)
    assert place
    assert len(as_sol.get(unescape(place[1])).json()["bars"]) == 10
    paper = as_sol.get(address(gate, "assessment/")).content.decode()
    place = re.search(r'data-src="([^"]+)"', paper)
    assert place
    assert place[1].startswith(address(gate, "questions/2/chart/"))
    assert len(as_sol.get(unescape(place[1])).json()["bars"]) == 10
    for rest in ("blocks/1/charts/1/", "blocks/2/charts/2/", "questions/1/chart/", "questions/3/chart/"):
        assert as_sol.get(address(gate, rest)).status_code == 404


# --- The assessment ------------------------------------------------------------------------------------


def test_a_paper_is_handed_in_and_graded_and_pays_nothing(as_sol: Client, gate: Lesson) -> None:
    place = address(gate, "assessment/?theme=light&seed=3")
    page = as_sol.get(place).content.decode()
    assert f'action="{place}"' in unescape(page)
    assert "hx-post" not in page.split("<form", 1)[1].split(">", 1)[0]
    fields = fields_of(page)
    assert len(fields) == 5
    before = rows()
    some = as_sol.post(place, {name: values[0] for name, values in list(fields.items())[:4]})
    assert some.status_code == 422
    assert len(re.findall('type="radio"[^>]* checked', some.content.decode())) == 4
    graded = as_sol.post(place, {name: values[0] for name, values in fields.items()})
    assert rows() == before
    result = graded.content.decode()
    assert graded.status_code == 200
    assert "Preview: nothing is kept, no XP" in result
    assert result.count("EXPLANATION-") == 5
    assert 'id="xp-title"' not in result


def test_the_same_seed_gives_the_same_paper_and_another_seed_other_numbers(
    as_sol: Client, gate: Lesson, sol: User
) -> None:
    write(gate, sol, prose(), questions=[numeric(1), question(2)])
    papers = [
        re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", as_sol.get(place).content.decode())
        for place in (address(gate, f"assessment/?seed={seed}") for seed in (3, 3, 4, "nonsense", 10**9))
    ]
    assert papers[0] == papers[1]
    assert papers[0] != papers[2]
    assert papers[3] == papers[4]


@pytest.mark.parametrize(("answered", "words"), [("right", "every answer right"), ("wrong", "Not yet")])
def test_the_result_by_itself(as_sol: Client, gate: Lesson, answered: str, words: str) -> None:
    page = as_sol.get(address(gate, f"assessment/?answered={answered}")).content.decode()
    assert words in page
    assert "Preview: nothing is kept, no XP" in page


# --- Every kind, and who may look ----------------------------------------------------------------------


def test_every_kind_is_shown_without_a_row_and_with_few_queries(as_sol: Client, sol: User) -> None:
    lesson = house.build().gates["1.1"]
    made = samples.content("a", 0)
    drafts.save(drafts.draft_of(lesson), content=made, assessment=samples.assessment("b", 0), by=sol.pk)
    places = [f"blocks/{number}/" for number in range(1, 1 + len(made["blocks"]))]
    places += ["assessment/", "assessment/?answered=right", "assessment/?answered=wrong"]
    before = rows()
    for place in places:
        with CaptureQueriesContext(connection) as captured:
            page = as_sol.get(address(lesson, place)).content.decode()
        asked = [query["sql"] for query in captured.captured_queries]
        assert not [sql for sql in asked if WRITES.search(sql)]
        # Two for the bars of a chart; a page of a draft is rendered when it is looked at.
        charts = sum('FROM "market_bars"' in sql for sql in asked)
        assert len(asked) - charts <= 12, asked
        assert "This cannot be shown yet" not in page
        assert markup_faults(page) == []
    assert rows() == before


@pytest.mark.parametrize("rest", ["", "blocks/1/", "assessment/", "blocks/2/charts/1/"])
def test_learners_get_nowhere(as_ash: Client, gate: Lesson, rest: str) -> None:
    answer = as_ash.get(address(gate, rest))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/admin/login/")


def test_staff_who_may_see_gates_may_see_them_as_learners_do(gate: Lesson, brand: User) -> None:
    brand.is_staff = True
    brand.save()
    assert signed_in(brand).get(address(gate)).status_code == 403
    brand.user_permissions.add(Permission.objects.get(codename="view_lesson"))
    client = signed_in(User.objects.get(pk=brand.pk))
    assert client.get(address(gate)).status_code == 200
    assert client.get(address(gate, "blocks/1/")).status_code == 200
    assert client.get(address(gate).replace(str(gate.pk), "7" * 36)).status_code == 404


def test_what_is_published_is_shown_until_there_is_a_draft(as_sol: Client, gate: Lesson) -> None:
    assert content()["blocks"][0]["title"] in as_sol.get(address(gate, "blocks/1/")).content.decode()
