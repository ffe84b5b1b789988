"""What the rendering of a lesson follows from, as one digest: the same digest, the same rendering."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from learning import markdown
from learning.content import ContentErrors
from learning.models import Dataset, Figure, GlossaryTerm

_TERM = re.compile(r"\[\[([a-z0-9-]{1,40})")
_NOT_SHOWN = ("created_at", "updated_at")


def digest_of(content: object, assessment: object, dataset: Callable[[str], Dataset]) -> str:
    """The digest of the texts, their data sets and the code that renders them, in hex.

    Empty where that cannot be said: a data set without a digest may have got other bars. Whatever else a
    rendering reads from the database has to be named here.
    """
    codes = sorted({*_named("dataset", content), *_named("dataset", assessment)})
    pictures = sorted({*_named("figure", content)})
    try:
        rows = [dataset(code) for code in codes]
    except ContentErrors:
        return ""  # publishing says where
    if not all(row.digest for row in rows):
        return ""
    shown = list(Figure.objects.filter(pk__in=pictures).order_by("pk").values("digest", "alt", "source"))
    used = set(_TERM.findall(json.dumps([content, assessment])))
    words = GlossaryTerm.objects.filter(pk__in=used).order_by("pk").values_list("pk", "term") if used else ()
    facts = [*map(_facts, rows), *shown, *map(list, words)]
    return sha256([markdown.RENDERER_VERSION, code_digest(), content, assessment, *facts])


@cache
def code_digest() -> str:
    """What the modules say that make renderings: other code may render the same text otherwise."""
    here = Path(__file__).parent
    paths = sorted([*here.glob("*.py"), *here.glob("blocks/*.py"), *here.glob("questions/*.py")])
    return sha256([path.read_text("utf-8") for path in paths])


def sha256(value: object) -> str:
    """The digest of a value that JSON can say; the order of keys does not matter."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def _facts(row: Dataset) -> list[Any]:
    names = [field.attname for field in Dataset._meta.concrete_fields]
    return [getattr(row, name) for name in names if name not in _NOT_SHOWN]


def _named(noun: str, data: object) -> Iterator[str]:
    """The codes of data sets or figures, wherever in the content they stand."""
    if isinstance(data, dict):
        if isinstance(data.get(noun), str):
            yield data[noun]
        for inner in data.values():
            yield from _named(noun, inner)
    elif isinstance(data, list):
        for inner in data:
            yield from _named(noun, inner)
