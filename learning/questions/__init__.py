"""The kinds of question. A new kind is one module here, one line below and one template."""

from learning.questions.base import Graded, Question
from learning.questions.single_choice import SingleChoice

AnyQuestion = SingleChoice
KINDS: dict[str, type[Question]] = {"single_choice": SingleChoice}

__all__ = ["KINDS", "AnyQuestion", "Graded", "Question", "SingleChoice"]
