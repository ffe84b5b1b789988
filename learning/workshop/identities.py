"""Ids of questions when a draft is published: a changed question keeps its old answers meaningful.

Answers, statistics and regrading go by a question's id. A question that asks something else than the one of
that id did is another question and gets an id of its own; the old one keeps its answers.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import count
from typing import Any

from pydantic import TypeAdapter, ValidationError

from learning.questions import AnyQuestion, Question

Json = dict[str, Any]
LONGEST_ID = 40
_NUMBERED = re.compile(r"(.+)-([1-9][0-9]{0,8})$")
_PARSED: TypeAdapter[Question] = TypeAdapter(AnyQuestion)


def renewed(published: Sequence[Json], draft: Sequence[Json], used: Collection[str]) -> list[Json]:
    """The draft's questions, those with an id of their own that ask something else than its last bearer.

    `published` are stored questions, the newest last: those of the version in force, or of all versions, so
    that one that was taken out may come back under its id. `used` are the ids of all versions. A new id
    (`risk-2` after `risk`) was never used before and is no other of the draft. What is not a valid question
    stays as it is: publishing says what is wrong with it.
    """
    bearers = {str(one.get("id")): one for one in published}
    taken = {*used, *bearers, *(str(one.get("id")) for one in draft)}
    known = {*used, *bearers}
    made = []
    for question in draft:
        name = question.get("id")
        if isinstance(name, str) and name in known and _differs(bearers.get(name), question):
            new = next(one for one in _following(name) if one not in taken)
            taken.add(new)
            made.append({**question, "id": new})
        else:
            made.append(question)
    return made


def _differs(bearer: Json | None, question: Json) -> bool:
    identity = _identity(question)
    return identity is not None and (bearer is None or _identity(bearer) != identity)


def _identity(question: Json) -> tuple[object, ...] | None:
    """None for what is no valid question."""
    try:
        return _PARSED.validate_python(question).identity()
    except ValidationError:
        return None


def _following(name: str) -> Iterator[str]:
    """`risk-2`, `risk-3` and so on after `risk`; they stay as short as ids have to be."""
    numbered = _NUMBERED.match(name)
    stem, first = (numbered[1], int(numbered[2]) + 1) if numbered else (name, 2)
    for number in count(first):
        yield f"{stem[: LONGEST_ID - len(f'-{number}')]}-{number}"
