"""Markdown of lessons as safe HTML: raw HTML is off, and what is left passes an allow-list."""

import nh3
from markdown_it import MarkdownIt

# Raise it when the output of this module or of the charts changes: stored renderings are then made anew.
RENDERER_VERSION = 1

_PARSER = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": True}).enable(
    ["table", "replacements", "smartquotes"]
)
_TAGS = {"p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "del"}
_TAGS |= {"h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}


def render(text: str) -> str:
    """Safe HTML of a Markdown text; links open only https, http and mailto."""
    return nh3.clean(
        _PARSER.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener nofollow",
    )


def render_line(text: str) -> str:
    """Safe HTML of a single line (an answer, a label): no paragraph around it."""
    return nh3.clean(
        _PARSER.renderInline(text),
        tags=_TAGS & {"strong", "em", "code", "a", "del"},
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener nofollow",
    )
