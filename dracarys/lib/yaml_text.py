"""YAML as an author writes it: plain values, each key once, nothing that unfolds into far more."""

from typing import Any

import yaml
from yaml._yaml import CParser
from yaml.composer import Composer
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

DEEPEST = 40
LONGEST = 1_000_000  # characters: PyYAML takes seconds for more
LARGEST = 100_000  # values once every alias is written out: nine lines of them can be a thousand million


class Illegible(ValueError):
    """A sentence that says where the text cannot be read, or why not."""


class _PlainLoader(Composer, SafeConstructor, Resolver):
    """Takes events from libyaml, which reads ten times as fast as PyYAML's own scanner."""

    _depth = 0

    def __init__(self, text: str) -> None:
        self._events = CParser(text)
        self.check_event = self._events.check_event
        self.get_event = self._events.get_event
        self.peek_event = self._events.peek_event
        Composer.__init__(self)
        SafeConstructor.__init__(self)
        Resolver.__init__(self)

    def compose_node(self, parent: Any, index: Any) -> Any:
        self._depth += 1
        if self._depth > DEEPEST:
            raise Illegible("it is nested too deeply")
        node = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def get_single_node(self) -> Any:
        node = super().get_single_node()
        _unfolded(node, {})
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        # PyYAML would keep the last of two twins and lose the other without a word.
        keys = [(key.tag, key.value) for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            raise Illegible(f"line {node.start_mark.line + 1}: a key stands twice in what begins here")
        return super().construct_mapping(node, deep=deep)


def read(text: str) -> Any:
    """The value. Raises Illegible, with line and column where there are any."""
    if len(text) > LONGEST:
        raise Illegible("it is longer than a million characters")
    try:
        return _PlainLoader(text).get_single_data()
    except Illegible:
        raise
    except yaml.YAMLError as error:
        raise Illegible(str(error)) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # PyYAML falls over a value that is not what its tag or its looks promise: `!!bool x`, 2024-13-45.
        raise Illegible(f"a value cannot be read: {error}") from error


def _unfolded(node: Any, known: dict[int, int | None]) -> int:
    """How many values the node holds once its aliases are written out."""
    if id(node) not in known:
        known[id(node)] = None
        parts = node.value if isinstance(node, yaml.CollectionNode) else ()
        inner = (one for part in parts for one in (part if isinstance(part, tuple) else (part,)))
        known[id(node)] = 1 + sum(_unfolded(one, known) for one in inner)
    size = known[id(node)]
    if size is None:
        raise Illegible("an alias stands within what it repeats")
    if size > LARGEST:
        raise Illegible("its aliases unfold into far more than was written")
    return size
