"""Markdown of lessons as safe HTML: raw HTML is off, and what is left passes an allow-list.

A word of the glossary is written `[[stop-loss]]`, or `[[stop-loss|stop]]` where the sentence wants another
form of it. Where the term is known it becomes a link to its definition; in code it stays as typed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

# Raise it when the output of this module or of the charts changes: stored renderings are then made anew.
RENDERER_VERSION = 2

NO_TERMS: Mapping[str, str] = MappingProxyType({})
_TERM = re.compile(r"\[\[([a-z0-9-]{1,40})(?:\|([^\[\]|\n]{1,100}))?\]\]")
# A code point that no text may use: it holds a term's place until the allow-list was passed.
_MARK = "\ufdd0"
_PLACE = re.compile(f"{_MARK}([0-9]+){_MARK}")

_TAGS = {"p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "del"}
_TAGS |= {"h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


@dataclass(frozen=True, slots=True)
class _Use:
    """A term in a text: its code, and the words that stand there."""

    code: str
    words: str


def _read_term(state: StateInline, silent: bool) -> bool:
    """markdown-it's rule: a term that is known, or is noted as unknown and left as typed."""
    found = _TERM.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    code, words = found[1], found[2]
    if code not in state.env["terms"]:
        state.env["unknown"].setdefault(code)
        return False
    if not silent:
        use = _Use(code, (words or "").strip() or state.env["terms"][code])
        state.push("term", "", 0).meta = {"use": use}
    state.pos = found.end()
    return True


def _place(renderer: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    env["uses"].append(tokens[index].meta["use"])
    return f"{_MARK}{len(env['uses']) - 1}{_MARK}"


_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": True}).enable(
    ["table", "replacements", "smartquotes"]
)
_PARSER.inline.ruler.before("link", "term", _read_term)
_PARSER.add_render_rule("term", _place)


class UnknownTerms(ValueError):
    """`text` names terms that the glossary does not have."""

    def __init__(self, text: str, codes: tuple[str, ...]) -> None:
        super().__init__(", ".join(codes))
        self.text = text
        self.codes = codes


def render(text: str, terms: Mapping[str, str] = NO_TERMS) -> str:
    """Safe HTML of a Markdown text; links open only https, http and mailto.

    `terms` are the glossary's, by code; one that is not among them is left as it was typed.
    """
    env = _environment(terms)
    return _finished(_PARSER.render(text.replace(_MARK, ""), env), env, _TAGS)


def render_line(text: str, terms: Mapping[str, str] = NO_TERMS) -> str:
    """Safe HTML of a single line (an answer, a label): no paragraph around it, and no link at a term."""
    env = _environment(terms)
    html = _PARSER.renderInline(text.replace(_MARK, ""), env)
    return _finished(html, env, _TAGS & {"strong", "em", "code", "a", "del"}, link_terms=False)


def check_terms(text: str, terms: Mapping[str, str]) -> None:
    """Raise UnknownTerms when the text uses a term that is not among these."""
    env = _environment(terms)
    _PARSER.parse(text.replace(_MARK, ""), env)
    if env["unknown"]:
        raise UnknownTerms(text, tuple(env["unknown"]))


def _environment(terms: Mapping[str, str]) -> dict[str, Any]:
    return {"terms": terms, "unknown": {}, "uses": []}


def _finished(html: str, env: dict[str, Any], tags: set[str], *, link_terms: bool = True) -> str:
    safe = nh3.clean(
        html,
        tags=tags,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener nofollow",
    )

    def put_back(place: re.Match[str]) -> str:
        use = env["uses"][int(place[1])]
        if not link_terms:
            return escape(use.words)
        # The code is of letters, digits and hyphens, and the words are escaped: nothing else gets in here.
        return f'<a class="term" href="/glossary/{use.code}/">{escape(use.words)}</a>'

    return _PLACE.sub(put_back, safe)
