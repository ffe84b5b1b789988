"""The words of trading that the course explains, and where it uses them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from learning import access, markdown
from learning.models import GlossaryTerm, Passage

LONGEST_QUERY = 200


@dataclass(frozen=True, slots=True)
class TermLine:
    code: str
    term: str
    url: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The terms that begin with one letter; `#` for those that begin with none."""

    letter: str
    terms: tuple[TermLine, ...]

    @property
    def anchor(self) -> str:
        return "letter-other" if self.letter == "#" else f"letter-{self.letter.lower()}"


@dataclass(frozen=True, slots=True)
class Glossary:
    query: str
    total: int
    letters: tuple[Letter, ...]


@dataclass(frozen=True, slots=True)
class TermGate:
    """A gate whose lesson uses the term; without an address it is locked."""

    level: int
    gate: int
    title: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A term as its page shows it."""

    code: str
    term: str
    definition: SafeString
    topic: str
    gates: tuple[TermGate, ...]
    url: str


def glossary(query: str = "") -> Glossary:
    """All terms by letter, or those whose word or definition holds the query. One query."""
    wanted = query.strip()[:LONGEST_QUERY]
    rows = GlossaryTerm.objects.order_by("term", "code")
    if wanted:
        rows = rows.filter(Q(term__icontains=wanted) | Q(definition__icontains=wanted))
    lines = sorted(
        (TermLine(code, term, url_of(code)) for code, term in rows.values_list("code", "term")),
        key=lambda line: (_letter(line), line.term.casefold(), line.code),
    )
    letters = tuple(Letter(letter, tuple(terms)) for letter, terms in groupby(lines, _letter))
    return Glossary(wanted, len(lines), letters)


def entry(code: str, *, reader: uuid.UUID | None, with_gates: bool = True) -> Entry:
    """The term, and for somebody signed in the gates that use it. Raises GlossaryTerm.DoesNotExist."""
    term = GlossaryTerm.objects.select_related("topic").get(pk=code)
    return Entry(
        code=term.code,
        term=term.term,
        definition=mark_safe(term.rendered),  # noqa: S308  (rendered by learning.markdown)
        topic=term.topic.title if term.topic else "",
        gates=_gates(code, reader) if reader and with_gates else (),
        url=url_of(term.code),
    )


def save(term: GlossaryTerm) -> None:
    """Keep the term with its definition rendered. Raises markdown.UnknownTerms for a term it refers to."""
    save_all([term])


def save_all(terms: Iterable[GlossaryTerm]) -> None:
    """Keep terms that may refer to one another. Raises markdown.UnknownTerms."""
    fresh = list(terms)
    words = dict(GlossaryTerm.objects.values_list("code", "term")) | {one.code: one.term for one in fresh}
    for term in fresh:
        markdown.check_terms(term.definition, words)
        term.rendered = markdown.render(term.definition, words)
    GlossaryTerm.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["term", "definition", "rendered", "topic"],
    )


def check(definition: str, *, code: str) -> None:
    """Raise markdown.UnknownTerms when the definition of `code` refers to a term that does not exist."""
    known = GlossaryTerm.objects.values_list("code", "term")
    markdown.check_terms(definition, dict(known) | {code: code})


def url_of(code: str) -> str:
    return reverse("learning:term", args=[code])


def _letter(line: TermLine) -> str:
    first = line.term[:1].upper()
    return first if first.isalpha() and first.isascii() else "#"


def _gates(code: str, reader: uuid.UUID) -> tuple[TermGate, ...]:
    using = set(Passage.objects.filter(terms__contains=[code]).values_list("lesson_id", flat=True))
    decides = access.access_of(reader)
    return tuple(
        TermGate(
            gate.level,
            gate.gate,
            gate.title,
            reverse("learning:gate", args=[gate.level, gate.gate])
            if decides.is_open(gate.lesson_id)
            else None,
        )
        for gate in decides.course
        if gate.lesson_id in using and gate.is_active
    )
