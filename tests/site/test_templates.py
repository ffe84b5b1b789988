"""House rules of the templates, which the strict policy for scripts and styles would enforce silently."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR / "templates"
PAGES = sorted(ROOT.rglob("*.html"))
# A tag may hold quoted `>`; a template's own tags and variables are taken out first.
TAG = re.compile(r"""<(?P<name>[a-z][\w-]*)(?P<attributes>(?:"[^"]*"|'[^']*'|[^'">])*)>""", re.IGNORECASE)
DJANGO = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)
FORM = re.compile(r"<form\b.*?</form>", re.DOTALL | re.IGNORECASE)
FORBIDDEN_ATTRIBUTES = {
    "a style": re.compile(r"""(?:^|[\s/"'])style\s*=""", re.IGNORECASE),
    "a handler": re.compile(r"""(?:^|[\s/"'])on[a-z]+\s*=""", re.IGNORECASE),
    "htmx code": re.compile(r"""\shx-on\b""", re.IGNORECASE),
    "a script's address": re.compile(r"""["'\s=]javascript:""", re.IGNORECASE),
    "htmx's js: values": re.compile(r"""["']\s*js:""", re.IGNORECASE),
    "a trigger filter": re.compile(r"""\shx-trigger\s*=\s*["'][^"']*\[""", re.IGNORECASE),
}
FORBIDDEN_TEXT = {
    "unescaped output": re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off|\|\s*safeseq\b"),
    "a style sheet in the page": re.compile(r"<style\b", re.IGNORECASE),
    "a script in the page": re.compile(r"<script\b(?![^>]*\bsrc=)", re.IGNORECASE),
    "something of another site": re.compile(r"""(?:src|srcset)\s*=\s*["'](?:https?:)?//""", re.IGNORECASE),
}


def faults(text: str) -> list[str]:
    """What a template has that it must not have."""
    found = [what for what, pattern in FORBIDDEN_TEXT.items() if pattern.search(text)]
    for tag in TAG.finditer(DJANGO.sub("x", text)):
        found += [what for what, pattern in FORBIDDEN_ATTRIBUTES.items() if pattern.search(tag["attributes"])]
    for form in FORM.findall(text):
        posts = re.search(r"""<form\b[^>]*\bmethod\s*=\s*["']?post""", DJANGO.sub("x", form), re.IGNORECASE)
        if posts and "{% csrf_token %}" not in form:
            found.append("a form without its token")
    return found


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_are_templates() -> None:
    assert len(PAGES) > 50


@pytest.mark.parametrize("path", PAGES, ids=relative)
def test_a_template_keeps_the_house_rules(path: Path) -> None:
    assert faults(path.read_text()) == []


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
    ],
)
def test_the_rules_let_pass_what_is_right(good: str) -> None:
    assert faults(good) == []
