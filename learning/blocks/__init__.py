"""The kinds of block. A new kind is one module here and one template; nothing else names it."""

import importlib
import pkgutil
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args

from pydantic import Field

from learning.blocks.base import Block, Reader
from learning.rendering import BlockView

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

KINDS: dict[str, type[Block]] = {
    get_args(kind.model_fields["type"].annotation)[0]: kind
    for kind in sorted(Block.__subclasses__(), key=lambda kind: kind.__name__)
}
if TYPE_CHECKING:
    AnyBlock = Block
else:
    AnyBlock = Annotated[Union[tuple(KINDS.values())], Field(discriminator="type")]  # noqa: UP007  (of a tuple)


def view_of(stored: dict[str, Any], reader: Reader) -> BlockView:
    """The view of a stored rendering for one reader."""
    kind = KINDS[stored["type"]]
    return BlockView(
        id=stored["id"],
        type=stored["type"],
        title=stored["title"],
        template=kind.template,
        shown=kind.view(stored, reader),
    )


__all__ = ["KINDS", "AnyBlock", "Block", "Reader", "view_of"]
