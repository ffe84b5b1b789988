"""The kinds of question. A new kind is one module here and one template; nothing else names it."""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Annotated, Union, get_args

from pydantic import Field

from learning.questions.base import WRONG, Form, Given, Graded, Question, Unsound, as_form

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

KINDS: dict[str, type[Question]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind
    for kind in sorted(Question.__subclasses__(), key=lambda kind: kind.__name__)
}
if TYPE_CHECKING:
    AnyQuestion = Question
else:
    AnyQuestion = Annotated[Union[tuple(KINDS.values())], Field(discriminator="type")]  # noqa: UP007  (of a tuple)

__all__ = ["KINDS", "WRONG", "AnyQuestion", "Form", "Given", "Graded", "Question", "Unsound", "as_form"]
