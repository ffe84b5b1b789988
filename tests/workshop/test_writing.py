"""Staff write a lesson without JavaScript: every button saves, nothing that was typed is lost."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from learning.content import parse_assessment, parse_content
from learning.models import Lesson, LessonVersion, Level
from learning.workshop import drafts, editing, items, publication
from learning.workshop.drafts import Draft
from tests.conftest import Counted, signed_in
from tests.factories.accounts import StaffFactory
from tests.factories.learning import make_dataset, make_topic
from tests.workshop.browsing import address, form_at, form_in, press

pytestmark = pytest.mark.django_db
FIRST = "blocks/block-1/"


def draft(gate: Lesson) -> Draft:
    return drafts.draft_of(Lesson.objects.get(pk=gate.pk))


def block(gate: Lesson, name: str = "block-1") -> dict[str, Any]:
    return items.find(draft(gate), "blocks", name).raw


def question(gate: Lesson, name: str = "q1") -> dict[str, Any]:
    return items.find(draft(gate), "questions", name).raw


def ids(gate: Lesson, part: items.Part = "blocks") -> list[str]:
    return [one.id for one in items.items_of(draft(gate), part)]


def text_of(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def test_a_lesson_is_built_from_nothing(as_sol: Client) -> None:
    make_dataset()
    make_topic()
    Level.objects.create(number=1, title="Level 1")
    gate = Lesson.objects.create(level_id=1, gate_id=1, title="New", content_data={"blocks": []})
    assert "Begin with a block" in text_of(as_sol, address(gate))

    words = press(as_sol, address(gate), "add:blocks", **{"blocks-kind": "prose"})
    press(as_sol, words, "save", title="Stops", markdown="A stop **ends** a trade.")
    chart = press(as_sol, address(gate), "add:blocks", **{"blocks-kind": "chart"})
    press(as_sol, chart, "save", title="A chart", chart__dataset="test-daily", chart__summary="It rises.")
    press(as_sol, chart, "chart:last-60")
    press(as_sol, chart, "chart.price_lines:add")
    press(as_sol, chart, "save", chart__price_lines__0__price="120,5", chart__price_lines__0__label="A line")
    asked = press(as_sol, address(gate), "add:questions", **{"questions-kind": "single_choice"})
    press(as_sol, asked, "choices:add")
    press(
        as_sol, asked, "save", topic="risk", prompt="What ends it?", explanation="A stop is there for it.",
        choices__0__text="A stop", choices__0__feedback="Yes.", choices__0__correct="1",
        choices__1__text="Luck", choices__1__feedback="No.",
        choices__2__text="Time", choices__2__feedback="No.", choices__2__misconception="Waiting helps",
    )  # fmt: skip
    press(as_sol, address(gate, "policy/"), "save", pass_score=60)

    found = draft(gate)
    content, assessment = parse_content(found.content), parse_assessment(found.assessment)
    assert [one.id for one in content.blocks] == ["prose", "chart"]
    assert found.content["blocks"][1]["chart"]["end"] == "2024-02-09"
    assert found.content["blocks"][1]["chart"]["price_lines"] == [{"price": "120.5", "label": "A line"}]
    assert assessment.pass_score == 60
    assert [one["id"] for one in question(gate, "single-choice")["choices"]] == ["a", "b", "c"]
    assert "to look at" not in text_of(as_sol, address(gate))


def test_what_learners_read_stays_until_it_is_published(as_sol: Client, gate: Lesson) -> None:
    press(as_sol, address(gate, FIRST), "save", title="Another title")
    assert block(gate)["title"] == "Another title"
    assert Lesson.objects.get(pk=gate.pk).content_data["blocks"][0]["title"] == "Part 1"
    assert LessonVersion.objects.published().count() == 1


def test_saving_without_a_change_begins_no_draft(as_sol: Client, gate: Lesson) -> None:
    for name in ("blocks/block-1/", "blocks/block-2/", "questions/q1/", "policy/"):
        press(as_sol, address(gate, name), "save")
    assert not draft(gate).is_saved
    assert "Nothing changed since version 1." in text_of(as_sol, address(gate))


def test_the_list_says_when_and_by_whom_the_draft_was_saved(as_sol: Client, gate: Lesson) -> None:
    press(as_sol, address(gate, FIRST), "save", title="Another")
    text = text_of(as_sol, address(gate))
    assert "by sol@example.org" in text
    assert "Begun from version 1." in text


def test_an_incomplete_block_is_saved_and_says_what_it_lacks(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, FIRST)
    answer = as_sol.post(
        path, form_at(as_sol, path) | {"title": [""], "markdown": ["Words to keep"]}, follow=True
    )
    text = answer.content.decode()
    assert "Saved. Before it can be published" in text
    assert '<a href="#f-title">Title: fill this in</a>' in text
    assert "Words to keep" in text
    assert block(gate) == {"id": "block-1", "type": "prose", "markdown": "Words to keep"}
    listed = text_of(as_sol, address(gate))
    assert f'<a href="{path}#f-title">Title: fill this in</a>' in listed


def test_what_only_rendering_finds_is_told_at_its_field(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, "blocks/block-2/")
    press(as_sol, path, "save", chart__start="1990-01-01", chart__end="1990-02-01")
    text = text_of(as_sol, path)
    assert "window holds no bar" in text
    assert 'href="#f-chart"' in text


def test_blocks_are_added_where_it_is_wanted_copied_moved_and_deleted(as_sol: Client, gate: Lesson) -> None:
    path = address(gate)
    press(as_sol, path, "add:blocks", **{"blocks-kind": "callout", "blocks-after": "block-1"})
    assert ids(gate) == ["block-1", "callout", "block-2", "block-3"]
    press(as_sol, path, "copy:blocks:block-2")
    press(as_sol, path, "up:blocks:block-3")
    press(as_sol, path, "down:blocks:block-1")
    assert ids(gate) == ["callout", "block-1", "block-2", "block-3", "block-2-2"]
    asked = as_sol.post(path, {"do": "delete:blocks:block-3"})
    assert "Delete from the draft?" in asked.content.decode()
    assert "block-3" in ids(gate), "nobody said yes yet"
    as_sol.post(path, form_in(path, asked.content.decode()) | {"do": ["delete:blocks:block-3"]})
    assert ids(gate) == ["callout", "block-1", "block-2", "block-2-2"]


def test_an_id_that_learners_left_something_at_is_not_given_again(
    as_sol: Client, gate: Lesson, sol: User
) -> None:
    path = press(as_sol, address(gate), "add:blocks", **{"blocks-kind": "prose"})
    press(as_sol, path, "save", title="Stops", markdown="Words")
    said: dict[str, Any] = {"mode": "leave", "words": ""}
    publication.publish(Lesson.objects.get(pk=gate.pk), revision=draft(gate).revision, by=sol.pk, **said)
    as_sol.post(address(gate), {"do": "delete:blocks:prose", "sure": "1"})
    assert editing.add(gate, "blocks", "prose", after="", by=sol.pk) == "prose-2"


def test_a_choice_that_learners_saw_is_never_made_again(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, "questions/q1/")
    press(as_sol, path, "choices.2:delete")
    press(as_sol, path, "choices:add")
    assert [one["id"] for one in question(gate)["choices"]] == ["a", "b", "d"]


def test_without_its_last_question_a_gate_has_no_assessment(as_sol: Client, gate: Lesson) -> None:
    for n in (1, 2, 3, 4, 5):
        asked = as_sol.post(address(gate), {"do": f"delete:questions:q{n}"}).content.decode()
        assert ("It is the last question" in asked) == (n == 5)
        as_sol.post(address(gate), {"do": f"delete:questions:q{n}", "sure": "1"})
    assert draft(gate).assessment is None
    assert "This gate has no questions." in text_of(as_sol, address(gate))
    assert as_sol.get(address(gate, "policy/")).status_code == 404


def test_rows_come_back_where_they_were_touched(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, "questions/q1/")
    sent = form_at(as_sol, path) | {"choices.0.text": ["Typed before"], "do": ["choices.0:down"]}
    answer = as_sol.post(path, sent)
    assert answer.headers["Location"] == f"{path}#f-choices-1"
    assert [one["id"] for one in question(gate)["choices"]] == ["b", "a", "c"]
    assert question(gate)["choices"][1]["text"] == "Typed before"


def test_save_and_next_goes_on_and_save_and_show_shows(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, FIRST)
    assert press(as_sol, path, "next", title="One") == address(gate, "blocks/block-2/")
    assert press(as_sol, address(gate, "blocks/block-3/"), "next") == address(gate, "questions/q1/")
    assert press(as_sol, address(gate, "questions/q5/"), "next") == address(gate)
    shown = press(as_sol, path, "show", markdown="Some **strong** words")
    assert "&lt;strong&gt;strong&lt;/strong&gt;" in text_of(as_sol, shown)


def test_a_question_is_shown_with_its_right_answer_and_its_chart(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, "questions/q1/")
    press(as_sol, path, "chart:add")
    press(as_sol, path, "save", chart__dataset="test-daily", chart__summary="Rising.")
    press(as_sol, path, "chart:first-60")
    text = text_of(as_sol, f"{path}?show=1")
    assert "EXPLANATION-1" in text
    assert "data-src=&quot;#bars-1" in text
    assert "id=&quot;bars-1&quot;" in text


def test_what_is_typed_is_shown_without_being_kept(as_sol: Client, gate: Lesson) -> None:
    sent = form_at(as_sol, address(gate, FIRST)) | {"markdown": ["Only *typed*"]}
    answer = as_sol.post(address(gate, "shown/"), sent)
    assert "&lt;em&gt;typed&lt;/em&gt;" in answer.content.decode()
    answer = as_sol.post(address(gate, "shown/"), sent | {"markdown": ["[[no-such-term]]"]})
    assert "there is no glossary term" in answer.content.decode()
    assert not draft(gate).is_saved


def test_windows_move_by_words(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, "blocks/block-2/")
    assert "Its bars go from 2024-01-01 to 2024-02-09 (UTC)." in text_of(as_sol, path)
    for word, start, end in [
        ("later", "2024-01-10", "2024-01-19"),
        ("earlier", "2024-01-05", "2024-01-14"),
        ("first-60", "2024-01-01", "2024-02-09"),
    ]:
        press(as_sol, path, f"chart:{word}")
        chart = block(gate, "block-2")["chart"]
        assert (chart["start"], chart["end"]) == (start, end), word


def test_a_window_that_is_nowhere_stays_where_it_is(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, "blocks/block-2/")
    press(as_sol, path, "chart:later", chart__start="yesterday")
    assert block(gate, "block-2")["chart"]["start"] == "yesterday"
    press(as_sol, path, "chart:later", chart__start="0001-01-01T00:00:00+14:00")
    assert block(gate, "block-2")["chart"]["end"] == "2024-01-21", "it moves by half of the bars that it has"
    press(as_sol, path, "chart:earlier", chart__dataset="")
    press(as_sol, path, "notes:last-60")
    assert "dataset" not in block(gate, "block-2")["chart"]


def test_a_checkpoint_becomes_another_kind_of_question(as_sol: Client, gate: Lesson) -> None:
    path = press(as_sol, address(gate), "add:blocks", **{"blocks-kind": "checkpoint"})
    press(
        as_sol,
        path,
        "question:turn",
        title="Try it",
        question__prompt="How much?",
        **{"question:kind": "numeric"},
    )
    found = block(gate, "checkpoint")
    assert found["title"] == "Try it"
    assert found["question"] == {"id": "question", "type": "numeric", "prompt": "How much?"}


# --- Two at once --------------------------------------------------------------------------------------


@pytest.fixture
def as_lux() -> Client:
    """Another author."""
    return signed_in(StaffFactory.create(email="lux@example.org"))


def test_two_authors_at_different_blocks_do_not_disturb_each_other(
    as_sol: Client, as_lux: Client, gate: Lesson
) -> None:
    mine = form_at(as_sol, address(gate, FIRST))
    press(as_lux, address(gate, "blocks/block-3/"), "save", title="Theirs")
    as_sol.post(address(gate, FIRST), mine | {"title": ["Mine"]})
    assert (block(gate)["title"], block(gate, "block-3")["title"]) == ("Mine", "Theirs")


def test_two_authors_at_one_block_are_told_and_nothing_is_lost(
    as_sol: Client, as_lux: Client, gate: Lesson
) -> None:
    path = address(gate, FIRST)
    mine = form_at(as_sol, path) | {"title": ["Mine"], "markdown": ["My words"]}
    press(as_lux, path, "save", title="Theirs")
    answer = as_sol.post(path, mine)
    text = answer.content.decode()
    assert "Somebody else changed this meanwhile." in text
    assert "My words" in text
    assert block(gate)["title"] == "Theirs"
    again = form_in(path, text)
    assert again["title"] == ["Mine"]
    as_sol.post(path, again)
    assert (block(gate)["title"], block(gate)["markdown"]) == ("Mine", "My words")


def test_what_somebody_deleted_meanwhile_can_be_put_back(
    as_sol: Client, as_lux: Client, gate: Lesson
) -> None:
    path = address(gate, FIRST)
    mine = form_at(as_sol, path) | {"markdown": ["My words"]}
    as_lux.post(address(gate), {"do": "delete:blocks:block-1", "sure": "1"})
    answer = as_sol.post(path, mine)
    assert "Somebody else deleted this meanwhile." in answer.content.decode()
    as_sol.post(path, form_in(path, answer.content.decode()))
    assert ids(gate) == ["block-2", "block-3", "block-1"]
    assert block(gate)["markdown"] == "My words"


def test_the_same_words_twice_are_no_conflict(as_sol: Client, gate: Lesson) -> None:
    path = address(gate, FIRST)
    mine = form_at(as_sol, path) | {"title": ["Pressed twice"]}
    assert [as_sol.post(path, mine).status_code for _ in range(2)] == [302, 302]


def test_an_act_on_what_is_gone_says_so(as_sol: Client, gate: Lesson) -> None:
    answer = as_sol.post(address(gate), {"do": "up:blocks:no-such"}, follow=True)
    assert "not in the draft any more" in answer.content.decode()
    assert as_sol.get(address(gate, "blocks/no-such/")).status_code == 404
    assert as_sol.post(address(gate, "blocks/no-such/"), {"title": "x"}).status_code == 404


def test_a_draft_is_discarded_only_as_it_was_seen(as_sol: Client, gate: Lesson) -> None:
    press(as_sol, address(gate, FIRST), "save", title="Another")
    path = address(gate)
    asked = as_sol.post(path, {"do": "discard"}).content.decode()
    assert "Discard the draft?" in asked
    sure = form_in(path, asked) | {"do": ["discard"]}
    press(as_sol, address(gate, FIRST), "save", title="Yet another")
    assert "was not discarded" in as_sol.post(path, sure, follow=True).content.decode()
    assert draft(gate).is_saved
    sure = form_in(path, as_sol.post(path, {"do": "discard"}).content.decode()) | {"do": ["discard"]}
    assert "is discarded" in as_sol.post(path, sure, follow=True).content.decode()
    assert not draft(gate).is_saved


# --- The rest -----------------------------------------------------------------------------------------


def test_there_is_room_for_sixty(as_sol: Client, gate: Lesson, sol: User) -> None:
    for _ in range(57):
        editing.add(gate, "blocks", "prose", after="", by=sol.pk)
    answer = as_sol.post(address(gate), {"do": "add:blocks", "blocks-kind": "prose"}, follow=True)
    assert "There is room for 60 of them." in answer.content.decode()
    assert len(ids(gate)) == 60


def test_a_form_asks_as_much_of_the_database_however_many_blocks_there_are(
    as_sol: Client, gate: Lesson, sol: User, counted: Counted
) -> None:
    path = address(gate, FIRST)
    as_sol.get(path)
    with counted(9):
        as_sol.get(path)
    for _ in range(20):
        editing.add(gate, "blocks", "prose", after="", by=sol.pk)
    with counted(9):
        as_sol.get(path)


def test_learners_find_no_workshop(as_ash: Client, gate: Lesson) -> None:
    for rest in ("", FIRST, "questions/q1/", "policy/"):
        assert as_ash.get(address(gate, rest)).status_code == 302
        assert as_ash.post(address(gate, rest), {"do": "save"}).status_code == 302
    assert not draft(gate).is_saved


def test_every_kind_of_block_has_a_page(as_sol: Client, sol: User, gate: Lesson) -> None:
    for part, kinds in items.KINDS.items():
        for kind in kinds:
            made = editing.add(gate, "blocks" if part == "blocks" else "questions", kind, after="", by=sol.pk)
            assert form_at(as_sol, address(gate, f"{part}/{made}/"))


def test_what_is_half_written_is_shown_as_far_as_it_goes(as_sol: Client, gate: Lesson) -> None:
    """A zone without prices yet: its author points at the chart to give them."""
    path = press(as_sol, address(gate), "add:blocks", **{"blocks-kind": "chart"})
    press(as_sol, path, "save", chart__dataset="test-daily")
    press(as_sol, path, "chart:last-60")
    press(as_sol, path, "chart.zones:add")
    text = text_of(as_sol, f"{path}?show=1")
    assert "Chart, zone 1, low: fill this in" in text
    assert "data-src=&quot;#bars-1" in text
