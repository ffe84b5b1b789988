"""The items of a draft: its blocks, its questions and the policy of its assessment. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from learning.blocks import KINDS as BLOCKS
from learning.content import AssessmentContent
from learning.questions import KINDS as QUESTIONS
from learning.workshop import words
from learning.workshop.drafts import Draft, Json
from learning.workshop.problems import Problem, problems_of

Part = Literal["blocks", "questions", "policy"]
KINDS: Mapping[str, Mapping[str, type[BaseModel]]] = {"blocks": BLOCKS, "questions": QUESTIONS}
MOST = 60
_MARKS = re.compile(r"[*_`#|\[\]]+")
LISTED = "questions"  # what a policy's form leaves to the list


class NoSuchItem(LookupError):
    """The draft has no item of this id."""


@dataclass(frozen=True, slots=True)
class Item:
    """A block, a question or the policy, as it stands in a draft; `number` counts from 1."""

    part: Part
    id: str
    kind: str
    model: type[BaseModel]
    raw: Json
    number: int = 1
    of: int = 1

    @property
    def seen(self) -> str:
        """What tells whether it was changed since somebody saw it."""
        return hashlib.sha256(json.dumps(self.raw, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def called(self) -> str:
        return words.kind(self.kind)

    @property
    def about(self) -> str:
        return words.about(self.model)

    @property
    def excerpt(self) -> str:
        """The title, or the beginning of what is asked."""
        said = self.raw.get("title") or self.raw.get("prompt")
        text = in_plain(said) if isinstance(said, str) else ""
        return text if len(text) <= 90 else f"{text[:89]}…"

    @property
    def problems(self) -> list[Problem]:
        """What the schema has to say against it."""
        found = problems_of(self.model, self.raw)
        return [one for one in found if self.part != "policy" or one.path.partition(".")[0] != LISTED]


def in_plain(markdown: str) -> str:
    """The words of a text in one line, as a list shows them."""
    return " ".join(_MARKS.sub("", markdown).split())


def items_of(draft: Draft, part: Part) -> list[Item]:
    """The blocks or the questions of a draft, in their order. What says no kind that we know is left out."""
    if part == "policy":
        return [policy_of(draft)] if draft.assessment else []
    rows = raws_of(draft, part)
    return [
        Item(part, str(raw.get("id")), str(raw["type"]), KINDS[part][raw["type"]], raw, n, len(rows))
        for n, raw in enumerate(rows, start=1)
        if isinstance(raw, dict) and raw.get("type") in KINDS[part]
    ]


def policy_of(draft: Draft) -> Item:
    """How the assessment works. Raises NoSuchItem where there is none."""
    if draft.assessment is None:
        raise NoSuchItem("policy")
    return Item("policy", "policy", "policy", AssessmentContent, draft.assessment)


def with_raw(item: Item, raw: Json) -> Item:
    """The same item with other data."""
    return replace(item, raw=raw)


def find(draft: Draft, part: Part, item: str) -> Item:
    """Raises NoSuchItem."""
    for one in items_of(draft, part):
        if one.id == item:
            return one
    raise NoSuchItem(item)


def raws_of(draft: Draft, part: Part) -> list[Any]:
    """The raw blocks or questions of a draft."""
    holder = draft.content if part == "blocks" else draft.assessment or {}
    rows = holder.get(part)
    return list(rows) if isinstance(rows, list | tuple) else []


def with_raws(draft: Draft, part: Part, rows: list[Any]) -> tuple[Json, Json | None]:
    """Content and assessment with these blocks or questions; without a question there is no assessment."""
    if part == "blocks":
        return {**draft.content, "blocks": rows}, draft.assessment
    return draft.content, {**(draft.assessment or {}), "questions": rows} if rows else None


def with_item(draft: Draft, item: Item, raw: Json) -> tuple[Json, Json | None]:
    """Content and assessment with `raw` in the place of the item; at the end where it is gone."""
    if item.part == "policy":
        return draft.content, {**raw, LISTED: raws_of(draft, "questions")}
    rows = raws_of(draft, item.part)
    places = [n for n, one in enumerate(rows) if isinstance(one, dict) and str(one.get("id")) == item.id]
    if places:
        rows[places[0]] = raw
    else:
        rows.append(raw)
    return with_raws(draft, item.part, rows)
