"""What happens when two save in the same moment, and when a browser sends what no form offers."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from learning.models import Lesson
from learning.workshop import drafts, editing, items
from learning.workshop.drafts import Draft, Json
from tests.factories.fuzz import steady
from tests.workshop.browsing import address, form_at

pytestmark = pytest.mark.django_db


def titled(draft: Draft, place: int, title: str) -> Json:
    blocks = [dict(one) for one in draft.content["blocks"]]
    blocks[place]["title"] = title
    return {**draft.content, "blocks": blocks}


class Hasty:
    """Changes the first block; somebody else saves the second one in between, so many times."""

    def __init__(self, gate: Lesson, by: User, times: int) -> None:
        self.gate, self.by, self.times = gate, by, times

    def __call__(self, draft: Draft) -> tuple[Json, Json | None]:
        if self.times:
            self.times -= 1
            content = titled(draft, 1, f"Theirs {self.times}")
            drafts.save(draft, content=content, assessment=draft.assessment, by=self.by.pk)
        return titled(draft, 0, "Mine"), draft.assessment


def test_an_act_is_done_anew_on_what_was_saved_in_that_very_moment(gate: Lesson, sol: User) -> None:
    editing._saved(gate, Hasty(gate, sol, editing.TRIES - 1), sol.pk)
    titles = [one.excerpt for one in items.items_of(drafts.draft_of(gate), "blocks")]
    assert titles[:2] == ["Mine", "Theirs 0"]


def test_after_so_many_tries_somebody_is_told(gate: Lesson, sol: User) -> None:
    with pytest.raises(drafts.Outdated):
        editing._saved(gate, Hasty(gate, sol, editing.TRIES), sol.pk)
    assert drafts.draft_of(gate).content["blocks"][0]["title"] == "Part 1"


@pytest.mark.parametrize("path", ["blocks/block-2/", "questions/q1/", "policy/", "shown/", ""])
def test_whatever_is_sent_there_is_an_answer_in_words(as_sol: Client, gate: Lesson, path: str) -> None:
    whole: dict[str, Any] = form_at(
        as_sol, address(gate, path if path.endswith("/") and path != "shown/" else "")
    )
    words = st.text(max_size=12) | st.sampled_from(
        [
            "choices.0:up",
            "chart:last-60",
            "chart.zones:add",
            ":",
            "add:blocks",
            "up:questions:q1",
            "delete:x:y",
        ]
    )
    names = st.sampled_from(
        [*whole, "do", "chart.dataset", "chart.start", "choices.7.text", "draft-part", "draft-item"]
    )

    @steady(12)
    @given(st.dictionaries(names, words, max_size=6))
    def send(changed: dict[str, str]) -> None:
        answer = as_sol.post(address(gate, path), {**whole, **changed})
        assert answer.status_code in (200, 302, 404)
        assert as_sol.get(address(gate)).status_code == 200

    send()


def test_a_draft_that_holds_strange_things_is_listed_and_can_be_worked_on(
    as_sol: Client, gate: Lesson, sol: User
) -> None:
    strange: Json = {
        "blocks": [{"id": "x", "type": "prose", "title": 7, "markdown": ["a"]}, "no", {"type": "odd"}]
    }
    drafts.save(drafts.draft_of(gate), content=strange, assessment={"questions": "none"}, by=sol.pk)
    assert as_sol.get(address(gate)).status_code == 200
    assert as_sol.get(address(gate, "blocks/x/")).status_code == 200
    assert as_sol.post(address(gate), {"do": "up:blocks:x"}).status_code == 302
    assert as_sol.post(address(gate), {"do": "add:questions", "questions-kind": "no-such"}).status_code == 302
