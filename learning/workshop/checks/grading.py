"""Whether each question can be answered rightly and wrongly, and is graded so: tried, not assumed."""

import base64
import random
from collections.abc import Iterator
from html import unescape

from django.utils.translation import gettext as _

from learning.formulas import FormulaError
from learning.questions import KINDS, Question, as_form
from learning.workshop.checks.finding import Finding
from learning.workshop.trial import Item, Json

# Papers of each question that are tried: orders and numbers differ.
PAPERS = 5


def found(item: Item) -> Iterator[Finding]:
    """What goes wrong with papers of a question, be it the one of a checkpoint."""
    question = item.stored if item.part == "question" else (item.stored or {}).get("question")
    if question and (problem := next(filter(None, (_problem(question, n) for n in range(PAPERS))), "")):
        yield Finding.of(item, problem)


def paper_of(stored: Json, seed: object) -> Json:
    """A paper of the question: everything that varies in it comes of the seed."""
    chance = random.Random(str(seed))  # noqa: S311  (a trial, no secret)

    def token() -> str:
        return base64.urlsafe_b64encode(chance.randbytes(9)).decode()

    return KINDS[stored["type"]].paper(stored, token, chance.shuffle)


def _problem(stored: Json, seed: int) -> str:
    kind, paper = KINDS[stored["type"]], paper_of(stored, seed)
    try:
        return _of_right_answer(kind, stored, paper) or _of_wrong_answer(kind, stored, paper)
    except (ArithmeticError, FormulaError, LookupError, ValueError) as error:
        return _("it cannot be graded: %(error)s") % {"error": error}


def _of_right_answer(kind: type[Question], stored: Json, paper: Json) -> str:
    right = kind.solution(stored, paper)
    # As a browser sends it: an answer that no form can hold is none.
    read = kind.read(paper, as_form(paper["token"], right))
    if read is None or kind.lack(paper, read):
        return _("its right answer cannot be given in the form that learners get")
    graded = kind.grade(stored, paper, read)
    if not graded.correct:
        return _("its right answer does not earn full credit")
    # Where the right answer that is shown could be typed, as a number can, it has to be right itself.
    shown = kind.read(paper, as_form(paper["token"], unescape(graded.right)))
    if shown is None or kind.lack(paper, shown) or kind.grade(stored, paper, shown).correct:
        return ""
    return _("its right answer, as learners are shown it, is not right: more digits or a wider tolerance")


def _of_wrong_answer(kind: type[Question], stored: Json, paper: Json) -> str:
    wrong = kind.mistake(stored, paper)
    if not kind.lack(paper, wrong) and kind.grade(stored, paper, wrong).correct:
        return _("every answer that was tried is right: nothing is asked")
    return ""
