"""What gives answers away or tells nobody anything: the advice that item writers give each other.

After Haladyna, Downing and Rodriguez, A Review of Multiple-Choice Item-Writing Guidelines (Applied
Measurement in Education, 2002).
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from learning.workshop.checks.finding import Finding, advice
from learning.workshop.trial import Item, Trial

FAR_LONGER = 1.6  # times the next longest, from a length on that readers notice
NOTICED = 40
_OF_THE_ABOVE = re.compile(r"\b(all|none|both) of (the above|these|them)\b", re.IGNORECASE)


def found(tried: Trial) -> Iterator[Finding]:
    """About single questions, then about how they and the blocks go together."""
    inside = [(item, item.raw.get("question")) for item in tried.blocks if item.kind == "checkpoint"]
    for item, question in [*inside, *((item, item.raw) for item in tried.questions)]:
        if item.source is not None and isinstance(question, dict) and "choices" in question:
            yield from _of_choices(item, question["choices"])
    yield from _twins(tried)
    yield from _topics(tried)
    yield from _policy(tried)


def _of_choices(item: Item, choices: list[dict[str, Any]]) -> Iterator[Finding]:
    texts = Counter(str(one["text"]).strip().casefold() for one in choices)
    if twice := next((text for text, count in texts.items() if count > 1), None):
        yield Finding.of(item, _("two choices say the same: %(text)s") % {"text": twice})
    if any(_OF_THE_ABOVE.search(str(one["text"])) for one in choices):
        yield advice(_("choices are shuffled: “all of the above” may stand first"), item)
    right = [len(str(one["text"])) for one in choices if one.get("correct")]
    wrong = [len(str(one["text"])) for one in choices if not one.get("correct")]
    if len(right) == 1 and wrong and right[0] >= NOTICED and right[0] > FAR_LONGER * max(wrong):
        yield advice(_("the right answer is by far the longest, which gives it away"), item)
    said = {str(one["feedback"]).strip() for one in choices if not one.get("correct")}
    if len(wrong) > 1 and len(said) == 1:
        yield advice(_("every wrong answer hears the same; say to each what is wrong with it"), item)


def _twins(tried: Trial) -> Iterator[Finding]:
    for items, field, words in (
        (tried.blocks, "title", _("has the title of an earlier block: the outline cannot tell them apart")),
        (tried.questions, "prompt", _("asks the same words as an earlier question")),
    ):
        seen: set[str] = set()
        for item in items:
            said = str(item.raw.get(field) or "").strip().casefold()
            if said in seen:
                yield advice(words, item)
            seen |= {said} if said else set()


def _topics(tried: Trial) -> Iterator[Finding]:
    asked = {item.raw.get("topic") for item in tried.questions}
    if not asked:
        return
    practised: dict[str, Item] = {}
    for item in tried.blocks:
        question = item.raw.get("question")
        if isinstance(question, dict) and question.get("topic") not in asked:
            practised.setdefault(str(question.get("topic")), item)
    for topic, item in practised.items():
        yield advice(_("practises the topic %(topic)s, which no question asks") % {"topic": topic}, item)


def _policy(tried: Trial) -> Iterator[Finding]:
    rules = tried.rules
    drawn, pass_score = rules.get("draw") or len(tried.questions), rules.get("pass_score", 80)
    if not (isinstance(drawn, int) and isinstance(pass_score, int) and drawn > 0):
        return
    if pass_score < 100 and 100 * (drawn - 1) < pass_score * drawn:
        yield advice(
            _("With %(questions)s questions a pass score of %(score)s %% forgives no mistake.")
            % {"questions": drawn, "score": pass_score}
        )
