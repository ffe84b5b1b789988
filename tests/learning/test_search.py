"""Searching the course and the glossary: ranked, marked, and never telling what is not open."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from learning import search
from learning.models import Lesson
from learning.publishing import publish
from tests.bad_input.vectors import VECTORS
from tests.conftest import Counted
from tests.factories.beside import make_terms, say
from tests.factories.learning import assessment, make_gate, take

pytestmark = pytest.mark.django_db


def found(client: Client, query: str) -> str:
    answer = client.get("/search/", {"q": query})
    assert answer.status_code == 200
    return answer.content.decode()


def results(html: str) -> str:
    """The part of the page that tells what was found."""
    return html.partition('class="page-head"')[2].partition("</main>")[0].partition("</form>")[2]


def test_texts_of_open_gates_are_found_and_marked(gate: Lesson, as_ash: Client) -> None:
    say(gate, "Nothing here.", "A trailing stop follows the price.")
    html = found(as_ash, "stops trailing")
    assert 'href="/learn/1/1/2/"' in html
    assert "<mark>trailing</mark> <mark>stop</mark>" in html
    assert 'href="/learn/1/1/1/"' not in results(html)


def test_words_are_found_in_other_forms_and_phrases_in_quotes(gate: Lesson, as_ash: Client) -> None:
    say(gate, "Losses come in rows.")
    assert "/learn/1/1/1/" in results(found(as_ash, "loss row"))
    assert "/learn/1/1/1/" in results(found(as_ash, '"come in rows"'))
    assert "/learn/1/1/1/" not in results(found(as_ash, "losses -rows"))


def test_a_locked_gate_is_found_by_its_title_alone(gate: Lesson, as_ash: Client) -> None:
    locked = make_gate(1, 2, title="Zeppelin", requires=[gate])
    Lesson.objects.filter(pk=locked.pk).update(description="WALRUS inside")
    say(locked, "OKAPI inside")
    html = results(found(as_ash, "zeppelin"))
    assert "<mark>Zeppelin</mark>" in html
    assert "locked" in html
    assert "/learn/1/2/" not in html
    for hidden in ("walrus", "okapi"):
        assert "Zeppelin" not in results(found(as_ash, hidden))


def test_a_gate_that_opens_is_found_by_all_its_words(gate: Lesson, ash: User, as_ash: Client) -> None:
    second = say(make_gate(1, 2, requires=[gate]), "OKAPI inside")
    Lesson.objects.filter(pk=second.pk).update(description="WALRUS inside")
    take(ash, gate, at=timezone.now())
    assert "/learn/1/2/1/" in results(found(as_ash, "okapi"))
    assert "/learn/1/2/" in results(found(as_ash, "walrus"))


def test_what_is_out_of_use_is_not_found(gate: Lesson, as_ash: Client) -> None:
    say(gate, "OKAPI inside")
    Lesson.objects.update(is_active=False)
    assert "Nothing found" in found(as_ash, "okapi")


def test_answers_and_explanations_are_not_searched(gate: Lesson, as_ash: Client, as_sol: Client) -> None:
    for secret in ("FEEDBACK", "FEEDBACK-1-a", "EXPLANATION", "EXPLANATION-1", "Question 1"):
        assert "Nothing found" in found(as_ash, secret)
        assert "Nothing found" in found(as_sol, secret)


def test_the_glossary_is_searched(as_ash: Client) -> None:
    make_terms(spread="The ask & the bid **apart**.", ask="What sellers want.")
    html = found(as_ash, "bid")
    assert 'href="/glossary/spread/"' in html
    assert "The ask &amp; the <mark>bid</mark> apart" in html
    html = found(as_ash, "ask")
    assert html.index("/glossary/ask/") < html.index("/glossary/spread/")


def test_what_the_title_says_comes_before_what_a_text_says(gate: Lesson, as_ash: Client) -> None:
    say(gate, "Something about okapis.")
    make_gate(1, 2, title="The okapi")
    html = found(as_ash, "okapi")
    assert html.index("Gate 2") < html.index("Gate 1")


def test_nothing_asked_and_nothing_found(gate: Lesson, as_ash: Client) -> None:
    make_terms(drawdown="A fall.")
    assert "What are you looking for?" in found(as_ash, "  ")
    assert "What are you looking for?" in as_ash.get("/search/").content.decode()
    html = found(as_ash, "drawdwon")
    assert "Did you mean" in html
    assert 'href="/search/?q=drawdown"' in html
    html = found(as_ash, "xyzzy")
    assert "Try another word" in html
    assert "Did you mean" not in html


@pytest.mark.parametrize(
    "query", ["the", "!", "((", '"', "a & | b", "' OR 1=1 --", ":*", "\\", "%", "<b>", "x" * 9_000]
)
def test_any_query_has_an_answer(gate: Lesson, as_ash: Client, query: str) -> None:
    found(as_ash, query)


def test_a_search_is_for_those_who_signed_in(client: Client) -> None:
    assert client.get("/search/?q=x").status_code == 302


def test_no_vector_is_alive_in_an_excerpt(gate: Lesson, as_ash: Client) -> None:
    texts = [vector.replace("\0", "") for vector in VECTORS]
    blocks = [
        {
            "id": f"b{n}",
            "type": "prose",
            "title": f"okapi {text}"[:80],
            "markdown": f"okapi {text}\n\n\x02{text}\x03",
        }
        for n, text in enumerate(texts[:60])
    ]
    publish(gate, content_data={"blocks": blocks}, assessment_data=assessment())
    Lesson.objects.update(title=f"okapi {texts[0]}", subtitle=f"okapi {texts[1]}")
    html = results(found(as_ash, "okapi"))
    tags = set(re.findall(r"<\s*/?\s*([a-zA-Z!][a-zA-Z0-9]*)", html))
    assert tags <= {"p", "section", "h2", "h3", "ul", "li", "a", "mark", "svg", "use", "div"}
    assert "onerror=" not in re.sub(r"&lt;.*?&gt;", "", html) or "<img" not in html


def test_an_excerpt_is_pieces_of_text() -> None:
    assert search._pieces("a \x02b\x03 c\x02d\x03") == (
        (("a "), False),
        ("b", True),
        (" c", False),
        ("d", True),
    )
    assert search._pieces("\x03a\x02") == (("\x03a", False),)
    assert search._pieces(None) == ()


@pytest.mark.parametrize("gates", [1, 12])
def test_the_queries_of_a_search_do_not_grow(ash: User, as_ash: Client, counted: Counted, gates: int) -> None:
    make_terms(okapi="An animal.")
    for n in range(gates):
        say(make_gate(1, n + 1, title=f"Okapi {n}"), "okapi", "okapi")
    with counted(4 + 4):  # access 1, passages 1, gates 1, terms 1
        found(as_ash, "okapi")
    with CaptureQueriesContext(connection) as captured:
        found(as_ash, "nothing like it")
    assert len(captured) <= 10
    with counted(4):
        found(as_ash, "")
