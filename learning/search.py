"""Searching the course and the glossary with PostgreSQL's full text; questions and answers are not in it."""

import difflib
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVector
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.urls import reverse

from dracarys.db.compiled import Row
from learning import access, glossary
from learning.models import GlossaryTerm, Lesson, Passage

CONFIG = "english"
LONGEST = 200
MOST_PASSAGES, MOST_PER_GATE, MOST_GATES, MOST_TERMS = 60, 3, 20, 10
MOST_SUGGESTIONS = 4
# What stands around a found word on its way from PostgreSQL; the page makes <mark> of it after escaping.
_BEGIN, _END = "\x02", "\x03"
_EXCERPT = {"max_words": 32, "min_words": 14, "max_fragments": 1, "short_word": 0}
# All that sanitised HTML escapes; the page escapes it again.
_ESCAPED = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&"))


class Piece(NamedTuple):
    """Some words of an excerpt, and whether they were found."""

    text: str
    found: bool


Excerpt = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class PassageHit:
    title: Excerpt
    excerpt: Excerpt
    url: str


@dataclass(frozen=True, slots=True)
class GateHit:
    """A gate that was found. A locked one has no address: title and subtitle are all that is told of it."""

    level: int
    gate: int
    title: Excerpt
    subtitle: Excerpt
    url: str | None
    locked: str
    passages: tuple[PassageHit, ...]


@dataclass(frozen=True, slots=True)
class TermHit:
    term: Excerpt
    excerpt: Excerpt
    url: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found; `suggestions` are words of the course like those that found nothing."""

    query: str
    gates: tuple[GateHit, ...] = ()
    terms: tuple[TermHit, ...] = ()
    suggestions: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return len(self.gates) + len(self.terms)


def search(query: str, *, user_id: uuid.UUID) -> Found:
    """What the person may find: open gates with their texts, locked ones by their titles, and terms.

    Four queries, a fifth when nothing is found, none for an empty query.
    """
    wanted = " ".join(query.split())[:LONGEST]
    if not wanted:
        return Found("")
    decides = access.access_of(user_id)
    active = [gate.lesson_id for gate in decides.course if gate.is_active]
    opened = [lesson_id for lesson_id in active if decides.is_open(lesson_id)]
    words = SearchQuery(wanted, config=CONFIG, search_type="websearch")
    passages = list(_passages(words, opened))
    lessons = _lessons(words, opened, [row["lesson_id"] for row in passages])
    gates = _gates(lessons, passages, decides, frozenset(opened))
    terms = tuple(_term(row) for row in _terms(words))
    return Found(wanted, gates, terms, () if gates or terms else _suggestions(wanted, decides))


def _passages(words: SearchQuery, opened: Sequence[uuid.UUID]) -> QuerySet[Passage, Row]:
    ranked = SearchVector("title", weight="A", config=CONFIG) + SearchVector(
        "text", weight="B", config=CONFIG
    )
    return (
        Passage.objects.annotate(vector=SearchVector("title", "text", config=CONFIG))
        .filter(vector=words, lesson_id__in=opened)
        .annotate(
            rank=SearchRank(ranked, words),
            marked_title=_marked("title", words, whole=True),
            marked=_marked("text", words),
        )
        .order_by("-rank", "lesson_id", "number")
        .values("lesson_id", "number", "rank", "marked_title", "marked")[:MOST_PASSAGES]
    )


def _lessons(
    words: SearchQuery, opened: Sequence[uuid.UUID], with_passages: Sequence[uuid.UUID]
) -> QuerySet[Lesson, Row]:
    """Gates found by their own words or by a passage; the description counts only where the gate is open."""
    titles = SearchVector("title", "subtitle", config=CONFIG)
    ranked = SearchVector("title", "subtitle", weight="A", config=CONFIG)
    said = SearchVector("description", config=CONFIG)
    return (
        Lesson.objects.published()
        .annotate(titles=titles, said=said)
        .filter(Q(titles=words) | Q(said=words, pk__in=opened) | Q(pk__in=with_passages))
        .annotate(
            rank=SearchRank(ranked, words),
            marked_title=_marked("title", words, whole=True),
            marked_subtitle=_marked("subtitle", words, whole=True),
        )
        .order_by("-rank", "level_id", "gate_id")
        .values("pk", "level_id", "gate_id", "rank", "marked_title", "marked_subtitle")
    )


def _terms(words: SearchQuery) -> QuerySet[GlossaryTerm, Row]:
    word = SearchVector("term", weight="A", config=CONFIG)
    ranked = word + SearchVector("definition", weight="C", config=CONFIG)
    words_of_it: Func = Func(
        F("rendered"), Value("<[^>]*>"), Value(""), Value("g"), function="regexp_replace"
    )
    for escaped, character in _ESCAPED:
        words_of_it = Func(words_of_it, Value(escaped), Value(character), function="replace")
    return (
        GlossaryTerm.objects.annotate(vector=ranked)
        .filter(vector=words)
        .annotate(
            rank=SearchRank(ranked, words),
            marked_term=_marked("term", words, whole=True),
            marked=_marked(words_of_it, words),
        )
        .order_by("-rank", "term", "code")
        .values("code", "marked_term", "marked")[:MOST_TERMS]
    )


def _marked(text: str | Combinable, words: SearchQuery, *, whole: bool = False) -> SearchHeadline:
    expression = F(text) if isinstance(text, str) else text
    # A mark that an author wrote into the text would be taken for ours.
    clean = Func(expression, Value(_BEGIN + _END), Value(""), function="translate", output_field=TextField())
    size = {"highlight_all": True} if whole else _EXCERPT
    return SearchHeadline(clean, words, config=CONFIG, start_sel=_BEGIN, stop_sel=_END, **size)


def _gates(
    lessons: Iterable[Row], passages: Sequence[Row], decides: access.Access, opened: frozenset[uuid.UUID]
) -> tuple[GateHit, ...]:
    """The best first: by what the title says, and by the best passage."""
    best: dict[uuid.UUID, float] = {}
    for row in passages:
        best[row["lesson_id"]] = max(best.get(row["lesson_id"], 0.0), row["rank"])
    ranked = sorted(lessons, key=lambda row: -(row["rank"] + best.get(row["pk"], 0.0)))
    return tuple(_gate(row, passages, decides, row["pk"] in opened) for row in ranked[:MOST_GATES])


def _gate(row: Row, passages: Sequence[Row], decides: access.Access, is_open: bool) -> GateHit:
    where = [row["level_id"], row["gate_id"]]
    own = [one for one in passages if one["lesson_id"] == row["pk"]][:MOST_PER_GATE] if is_open else []
    return GateHit(
        level=row["level_id"],
        gate=row["gate_id"],
        title=_pieces(row["marked_title"]),
        subtitle=_pieces(row["marked_subtitle"]),
        url=reverse("learning:gate", args=where) if is_open else None,
        locked="" if is_open else " ".join(map(access.sentence, decides.reasons(row["pk"]))),
        passages=tuple(
            PassageHit(
                _pieces(one["marked_title"]),
                _pieces(one["marked"]),
                reverse("learning:block", args=[*where, one["number"]]),
            )
            for one in own
        ),
    )


def _term(row: Row) -> TermHit:
    return TermHit(
        term=_pieces(row["marked_term"]),
        excerpt=_pieces(row["marked"]),
        url=glossary.url_of(row["code"]),
    )


def _pieces(marked: str | None) -> Excerpt:
    """The words between the marks and around them; no markup, so that a template escapes them all."""
    pieces: list[Piece] = []
    for number, part in enumerate((marked or "").split(_BEGIN)):
        found, _, rest = part.partition(_END) if number else ("", "", part)
        pieces += [Piece(found, True)] if found else []
        pieces += [Piece(rest, False)] if rest else []
    return tuple(pieces)


def _suggestions(wanted: str, decides: access.Access) -> tuple[str, ...]:
    """Terms and titles that are written much like the query, or that one of its words begins."""
    names = [*GlossaryTerm.objects.order_by("term").values_list("term", flat=True)]
    names += [gate.title for gate in decides.course if gate.is_active]
    by_form: dict[str, str] = {}
    for name in names:
        for form in (name, *name.split()):
            if len(form) > 2:  # shorter ones are like everything
                by_form.setdefault(form.casefold(), name)
    near: list[Any] = difflib.get_close_matches(wanted.casefold(), by_form, n=8, cutoff=0.6)
    for word in wanted.casefold().split()[:5]:
        near += difflib.get_close_matches(word, by_form, n=4, cutoff=0.7)
    return tuple(dict.fromkeys(by_form[form] for form in near))[:MOST_SUGGESTIONS]
