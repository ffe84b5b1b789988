"""House rules of the templates, which the strict policy for scripts and styles would enforce silently."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.site.markup import ELSEWHERE, markup_faults

ROOT = settings.BASE_DIR / "templates"
PAGES = sorted(ROOT.rglob("*.html"))
STATIC = settings.BASE_DIR / "static"
SOURCES = [path for kind in ("css", "js") for path in sorted((STATIC / kind).iterdir())]
# A template's own tags and variables are taken out first.
DJANGO = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
UNESCAPED = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b")
FOREIGN = re.compile(rf"""@import|url\(\s*["']?(?:https?:)?//|(?:src|href){ELSEWHERE}|["'`]https?://""")


def faults(text: str) -> list[str]:
    """What a template has that it must not have."""
    found = markup_faults(DJANGO.sub("x", text))
    if UNESCAPED.search(text):
        found.append("unescaped output")
    for form in FORM.findall(text):
        posts = re.search(r"""<form\b[^>]*\bmethod\s*=\s*["']?post""", DJANGO.sub("x", form), re.IGNORECASE)
        if posts and "{% csrf_token %}" not in form:
            found.append("a form without its token")
    return found


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_templates() -> None:
    assert len(PAGES) > 50
    assert len(SOURCES) > 5


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_template_keeps_the_house_rules(path: Path) -> None:
    assert faults(path.read_text()) == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_style_sheet_or_script_of_ours_asks_nobody_else(path: Path) -> None:
    assert FOREIGN.findall(path.read_text()) == []


@pytest.mark.parametrize(
    "bad",
    [
        '<p class="a" style="color: red">',
        "<p style='x'>",
        '<a {% if x %}class="b"{% endif %} onclick="x()">',
        '<img src="{% static "a.png" %}" onerror=x>',
        "<svg/onload=x>",
        "<script>x()</script>",
        '<script type="module">x()</script>',
        "<STYLE>",
        '<button hx-on:click="x()">',
        '<a href="javascript:x()">',
        "<a href=javascript:x()>",
        "{{ text|safe }}",
        "{{ text | safe }}",
        "{% autoescape off %}{{ x }}{% endautoescape %}",
        "<div hx-vals='js:{a: 1}'>",
        """<input hx-trigger="keyup[key=='Enter']">""",
        '<form method="post"><button></button></form>',
        '<FORM action="{% url "x" %}" METHOD=POST></FORM>',
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//cdn.example/x.css">',
        "<form action=https://evil.example/></form>",
        '<div hx-get="https://evil.example/">',
        '<iframe src="/risk/">',
        "<base href=/elsewhere/>",
    ],
)
def test_the_rules_see_what_they_forbid(bad: str) -> None:
    assert faults(bad) != []


@pytest.mark.parametrize(
    "good",
    [
        '<form method="post">{% csrf_token %}</form>',
        '<form method="get"></form>',
        '<a class="{% if a > b %}c{% endif %}" data-style="x" data-on="y">',
        '{% include "x.html" with style="a" icon="b" %}',
        '<script src="{% static "js/app.js" %}" type="module"></script>',
        "<p>one = two</p>",
        '<a href="https://www.tradingview.com/">a link to follow</a>',
        '<iframe class="preview-frame phone" src="{{ shown_url }}" title="x">',
    ],
)
def test_the_rules_let_pass_what_is_right(good: str) -> None:
    assert faults(good) == []
