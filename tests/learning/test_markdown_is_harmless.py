"""Markdown of authors: known vectors of script injection leave nothing alive on the page."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning import markdown
from tests.amounts import amount
from tests.bad_input.vectors import VECTORS
from tests.factories.fuzz import steady

TAGS = {"p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "del"}
TAGS |= {"h3", "h4", "h5", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}


class Living(HTMLParser):
    """Collects everything in a piece of HTML that is not on the list above."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name not in ATTRIBUTES.get(tag, set()):
                self.found.append(f"{tag} {name}={value}")
            if name == "href" and urlsplit((value or "").strip()).scheme not in {
                "http",
                "https",
                "mailto",
                "",
            }:
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}")


def living(html: str) -> list[str]:
    parser = Living()
    parser.feed(html)
    parser.close()
    return parser.found


def test_the_judge_itself_sees_what_is_alive() -> None:
    assert living("<p onclick=x>a</p>") == ["p onclick=x"]
    assert living("<a href='javascript:x'>a</a>") == ["a href=javascript:x"]
    assert living("<script>a</script><!-- c -->") == ["<script>", "<!-- c "]
    assert living("<p>a <a href='https://ok' rel='noopener'>b</a></p>") == []


@pytest.mark.parametrize("around", ["{}", "Before {} after", "{0}{0}", "> {}", "\0{}"])
def test_no_vector_leaves_anything_alive(around: str) -> None:
    for vector in VECTORS:
        text = around.replace("{0}", vector).replace("{}", vector)
        assert living(markdown.render(text)) == [], text
        assert living(markdown.render_line(text)) == [], text


@given(st.lists(st.sampled_from(VECTORS) | st.text(max_size=20), max_size=4).map("\n".join))
@steady(amount(100, 3_000))
def test_any_mixture_leaves_nothing_alive(text: str) -> None:
    assert living(markdown.render(text)) == []
    assert living(markdown.render_line(text)) == []


def test_there_are_enough_vectors() -> None:
    assert len(set(VECTORS)) >= 350


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("A **bold** word", "<p>A <strong>bold</strong> word</p>\n"),
        ("[site](https://example.org)", 'href="https://example.org"'),
        ("[mail](mailto:a@example.org)", 'href="mailto:a@example.org"'),
        ("### Small heading", "<h3>Small heading</h3>"),
        ("| a |\n|---|\n| 1 |", "<td>1</td>"),
        ("3. third", '<ol start="3">'),
        ("1 < 2 & 3", "1 &lt; 2 &amp; 3"),
    ],
)
def test_what_authors_need_is_kept(text: str, html: str) -> None:
    assert html in markdown.render(text)


def test_links_tell_nobody_where_they_were_found() -> None:
    assert 'rel="noopener nofollow"' in markdown.render("[a](https://example.org)")


def test_a_line_has_no_paragraph_around_it() -> None:
    assert markdown.render_line("*a* | b\n\n# c").startswith("<em>a</em>")
    assert "<p>" not in markdown.render_line("a\n\nb")


def test_raw_html_is_shown_as_the_text_that_was_typed() -> None:
    assert markdown.render("a <b>bold</b> claim") == "<p>a &lt;b&gt;bold&lt;/b&gt; claim</p>\n"
    assert markdown.render_line("<em>x</em>") == "&lt;em&gt;x&lt;/em&gt;"


def test_the_allow_list_holds_even_if_the_parser_let_html_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(markdown._PARSER.options, "html", True)
    assert "<script>" not in markdown.render("<b>x</b> <script>alert(1)</script>")
    for vector in VECTORS:
        assert living(markdown.render(vector)) == []
