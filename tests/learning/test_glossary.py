"""Words of trading: written in lessons, explained in place and on pages of their own."""

import pytest
from django.test import Client

from learning import glossary, markdown
from learning.content import ContentErrors
from learning.models import GlossaryTerm, Lesson, Passage, Topic
from learning.publishing import publish
from tests.bad_input.vectors import VECTORS
from tests.factories.beside import make_terms, say
from tests.factories.learning import assessment, question
from tests.learning.test_markdown_is_harmless import living

pytestmark = pytest.mark.django_db
TERMS = {"stop-loss": "stop-loss", "spread": "spread"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("[[stop-loss]]", '<p><a class="term" href="/glossary/stop-loss/">stop-loss</a></p>\n'),
        ("[[stop-loss|stop]]", '<p><a class="term" href="/glossary/stop-loss/">stop</a></p>\n'),
        ("`[[spread]]`", "<p><code>[[spread]]</code></p>\n"),
        ("    [[spread]]", "<pre><code>[[spread]]\n</code></pre>\n"),
        ("\\[[spread]]", "<p>[[spread]]</p>\n"),
        ("[[unheard-of]]", "<p>[[unheard-of]]</p>\n"),
        ("[[spread|a & <b>]]", '<p><a class="term" href="/glossary/spread/">a &amp; &lt;b&gt;</a></p>\n'),
        ("| [[spread\\|it]] |\n|---|", '<a class="term" href="/glossary/spread/">it</a>'),
        # As everywhere in Markdown: a link in a link wins.
        ("[see [[spread]]](https://e.org)", 'see <a class="term" href="/glossary/spread/">spread</a>]('),
    ],
)
def test_a_term_becomes_a_link_and_nothing_else_does(text: str, html: str) -> None:
    assert html in markdown.render(text, TERMS)


def test_without_a_glossary_a_text_stays_as_typed() -> None:
    assert markdown.render("[[spread]]") == "<p>[[spread]]</p>\n"


def test_a_line_has_the_word_and_no_link() -> None:
    assert markdown.render_line("a [[spread|wide spread]]", TERMS) == "a wide spread"


@pytest.mark.parametrize("frame", ["[[spread|{}]]", "{} [[spread]]", "[[{}]]", "\ufdd00\ufdd0 {} [[spread]]"])
def test_no_vector_gets_through_beside_a_term(frame: str) -> None:
    for vector in VECTORS:
        html = markdown.render(frame.format(vector), TERMS)
        without = html.replace('<a class="term" href="/glossary/spread/">', '<a href="/glossary/spread/">')
        assert living(without) == []
        assert "\ufdd0" not in html


def test_an_unknown_term_is_refused_with_block_and_field(gate: Lesson) -> None:
    make_terms(spread="A cost.")
    blocks = [
        {"id": "a", "type": "prose", "title": "A", "markdown": "Fine: [[spread]]."},
        {
            "id": "b",
            "type": "worked_example",
            "title": "B",
            "markdown": "x",
            "steps": [{"title": "S", "markdown": "[[sprad]] and [[stopp]]"}],
        },
    ]
    with pytest.raises(ContentErrors) as refused:
        publish(gate, content_data={"blocks": blocks}, assessment_data=assessment())
    where = "Block 2 (worked_example) – steps, 0, markdown: there is no glossary term"
    assert refused.value.sentences == (f"{where} 'sprad'", f"{where} 'stopp'")


def test_an_unknown_term_in_a_question_is_refused(gate: Lesson) -> None:
    asked = {"questions": [question(1) | {"prompt": "What is [[sprad]]?"}]}
    with pytest.raises(ContentErrors, match="prompt: there is no glossary term 'sprad'"):
        publish(gate, content_data=gate.content_data, assessment_data=asked)


def test_a_lesson_links_its_terms(gate: Lesson, as_ash: Client) -> None:
    make_terms(spread="A cost.")
    say(gate, "The [[spread]] is a cost.")
    html = as_ash.get("/learn/1/1/1/").content.decode()
    assert '<a class="term" href="/glossary/spread/">spread</a>' in html


def test_the_glossary_is_public_and_by_letter(client: Client) -> None:
    make_terms(spread="A cost.", stop_loss="A price.", ask="What sellers want.")
    html = client.get("/glossary/").content.decode()
    assert html.index("letter-a") < html.index("letter-s")
    assert html.index('href="/glossary/spread/"') < html.index('href="/glossary/stop-loss/"')


def test_the_glossary_finds_words_without_javascript(client: Client) -> None:
    make_terms(spread="A cost of trading.", ask="What sellers want.")
    html = client.get("/glossary/?q=COST").content.decode()
    assert "/glossary/spread/" in html
    assert "/glossary/ask/" not in html
    assert "No such word" in client.get("/glossary/?q=zebra").content.decode()
    assert "No words yet" not in html


def test_an_empty_glossary_says_so(client: Client) -> None:
    assert "No words yet" in client.get("/glossary/").content.decode()


def test_a_visitor_reads_a_definition_and_no_gates(client: Client, gate: Lesson) -> None:
    make_terms(spread="A **cost**, see [[ask]].", ask="What sellers want.")
    say(gate, "The [[spread]].")
    html = client.get("/glossary/spread/").content.decode()
    assert "<strong>cost</strong>" in html
    assert '<a class="term" href="/glossary/ask/">ask</a>' in html
    assert gate.title not in html


def test_a_learner_sees_the_gates_that_use_a_word(as_ash: Client, gate: Lesson, second_gate: Lesson) -> None:
    make_terms(spread="A cost.")
    say(gate, "Nothing.", "The [[spread]].")
    say(second_gate, "The [[spread]] again.")
    html = as_ash.get("/glossary/spread/").content.decode()
    assert 'href="/learn/1/1/"' in html
    assert second_gate.title in html
    assert 'href="/learn/1/2/"' not in html


def test_a_gate_out_of_use_is_not_told_of(as_ash: Client, gate: Lesson) -> None:
    make_terms(spread="A cost.")
    say(gate, "The [[spread]].")
    Lesson.objects.update(is_active=False)
    html = as_ash.get("/glossary/spread/").content.decode()
    assert gate.title not in html
    assert "No gate refers to this word yet" in html


def test_htmx_and_the_popover_get_only_the_definition(client: Client) -> None:
    make_terms(spread="A cost.")
    html = client.get("/glossary/spread/", headers={"HX-Request": "true"}).content.decode()
    assert "A cost." in html
    assert "<html" not in html


@pytest.mark.parametrize("code", ["unheard-of", "Spread", "a_b", "x" * 200])
def test_a_word_that_is_not_there_is_a_404(client: Client, code: str) -> None:
    assert client.get(f"/glossary/{code}/").status_code == 404


def test_saving_a_term_keeps_its_definition_rendered_and_refuses_unknown_words() -> None:
    glossary.save(GlossaryTerm(code="ask", term="ask", definition="See [[ask|itself]] <script>"))
    assert "&lt;script&gt;" in GlossaryTerm.objects.get(pk="ask").rendered
    with pytest.raises(markdown.UnknownTerms):
        glossary.save(GlossaryTerm(code="bid", term="bid", definition="[[aks]]"))
    assert not GlossaryTerm.objects.filter(pk="bid").exists()


def test_staff_write_a_term_and_learn_of_a_mistake(as_sol: Client) -> None:
    form = {"code": "ask", "term": "ask", "definition": "See [[bid]].", "topic": ""}
    page = as_sol.post("/admin/learning/glossaryterm/add/", form)
    assert "There is no glossary term “bid”." in page.content.decode()
    assert as_sol.post("/admin/learning/glossaryterm/add/", form | {"code": "A B"}).status_code == 200
    as_sol.post("/admin/learning/glossaryterm/add/", form | {"definition": "What sellers want."})
    assert GlossaryTerm.objects.get(pk="ask").rendered == "<p>What sellers want.</p>\n"
    changed = form | {"definition": "Less."}
    as_sol.post("/admin/learning/glossaryterm/ask/change/", changed)
    assert GlossaryTerm.objects.get(pk="ask").rendered == "<p>Less.</p>\n"


def test_staff_cannot_make_the_tree_of_topics_deep_or_round(as_sol: Client) -> None:
    for code, parent in (("a", None), ("b", "a"), ("c", "b")):
        Topic.objects.create(code=code, title=code, parent_id=parent)
    form = {"code": "d", "title": "D", "parent": "c", "position": "1"}
    assert "at most 3 deep" in as_sol.post("/admin/learning/topic/add/", form).content.decode()
    round_trip = as_sol.post("/admin/learning/topic/a/change/", form | {"parent": "c"})
    assert "cannot belong to itself" in round_trip.content.decode()
    assert as_sol.post("/admin/learning/topic/add/", form | {"parent": "b"}).status_code == 302


def test_passages_follow_each_publication(gate: Lesson) -> None:
    make_terms(spread="A cost.")
    say(gate, "One **and** two & [[spread]].", "Three")
    rows = Passage.objects.filter(lesson=gate).order_by("number").values_list("text", "terms")
    assert list(rows) == [("One and two & spread.", ["spread"]), ("Three", [])]
    say(gate, "Four")
    assert Passage.objects.filter(lesson=gate).count() == 1
