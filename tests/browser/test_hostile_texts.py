"""Hostile texts in a real browser, with our content security policy and without it: nothing runs.

Without it the sanitiser and the templates are proven by themselves, not the wall behind them. `ran(7)` in a
text is vector 7 at work; a dialog, a script error, a broken policy and a foreign request count as well.
"""

import html
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.template import engines
from django.utils import timezone
from playwright.sync_api import Dialog, Error, Page

from accounts.models import User
from learning import markdown, papers, quiz_taking
from learning.models import Lesson
from learning.publishing import publish
from tests import figures
from tests.amounts import FULL, amount
from tests.bad_input.house import Visitor, everybody
from tests.bad_input.poison import poison_everything, poisoned
from tests.bad_input.vectors import POLYGLOT, VECTORS
from tests.browser.conftest import Visits
from tests.factories.learning import assessment, make_gate
from tests.learning.test_content_schema import rich

HITS = "top.hits = top.hits || []; window.ran = (n) => { top.hits.push(n) };"
# Points at everything, focuses everything and opens whatever claims to be a script's address.
PROVOKE = """() => {
  for (const it of document.querySelectorAll("body *")) {
    for (const what of ["mouseover", "mouseenter", "mousemove", "pointerover", "focus", "focusin", "toggle"])
      it.dispatchEvent(new Event(what, {bubbles: false}));
    const to = it.href?.baseVal ?? it.href ?? it.formAction ?? it.action;
    if (typeof to === "string" && to && !/^(https?|mailto):/.test(to) && it.click) it.click();
  }
  return new Promise((done) => setTimeout(() => done(top.hits), 30));
}"""
POLICIES = ("with the policy", "without the policy")
MODES = pytest.mark.parametrize("policy", POLICIES)
# In `make test` many share a page; in `make prove` few do, so that none is swallowed by the one before it.
TOGETHER = amount(96, 5)


def open_page(visits: Visits, user: User | None = None, *, policy: str, **options: Any) -> Page:
    page = visits.open(user, bypass_csp=policy == "without the policy", **options)
    page.context.add_init_script(HITS)

    def refuse(dialog: Dialog) -> None:
        visits.note(True, f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", refuse)
    return page


def hits(page: Page, path: str) -> set[int]:
    """The vectors that ran on this page, also after it was provoked."""
    page.goto(path, wait_until="load")
    return set(page.evaluate(PROVOKE))


def lessons(vectors: list[str]) -> Iterator[Lesson]:
    """Gates whose blocks hold all vectors; each stands in Markdown, alone in its paragraph."""
    texts = ["\n\n.\n\n".join(vectors[n : n + TOGETHER]) for n in range(0, len(vectors), TOGETHER)]
    for number, start in enumerate(range(0, len(texts), 60), start=1):
        lesson = make_gate(1, number)
        blocks = [
            {"id": f"b{n}", "type": "prose", "title": f"B {n}", "markdown": text}
            for n, text in enumerate(texts[start : start + 60])
        ]
        publish(lesson, content_data={"blocks": blocks}, assessment_data=assessment())
        yield lesson


def pages_of(lesson: Lesson) -> Iterator[str]:
    for number in range(1, len(lesson.content_data["blocks"]) + 1):
        yield f"/learn/{lesson.level_id}/{lesson.gate_id}/{number}/"


def shown(visits: Visits, user: User, policy: str) -> set[int]:
    found, page = set[int](), open_page(visits, user, policy=policy)
    for lesson in lessons([one.replace("\0", "") for one in VECTORS]):
        for path in pages_of(lesson):
            found |= hits(page, path)
    return found


@MODES
def test_no_vector_in_a_lesson_runs(visits: Visits, ash: User, policy: str) -> None:
    ran = shown(visits, ash, policy)
    figures.note(f"script vectors shown in a browser {policy}", len(VECTORS), limit="at least 150")
    figures.note("script vectors that ran", len(ran), limit="0")
    assert ran == set()


def unsafe(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sanitiser does nothing, and Markdown lets everything through."""
    as_typed: Callable[..., str] = lambda text, *terms: text  # noqa: E731
    monkeypatch.setattr(markdown, "render", as_typed)


def test_the_harness_sees_them_run_where_the_sanitiser_is_gone(
    visits: Visits, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsafe(monkeypatch)
    found, page = set[int](), an_empty_page(visits)
    for vector in VECTORS[:: amount(12, 1)]:
        try:
            page.evaluate("(it) => { top.hits = []; document.body.innerHTML = it; }", markdown.render(vector))
            found |= set(page.evaluate(PROVOKE))
        except Error:  # that one led the browser away
            page.close()
            page = an_empty_page(visits)
    page.close()  # what it still asks for would be told later, as a trouble of whoever comes next
    visits.troubles.clear()
    assert len(found) >= amount(5, 60)
    figures.note("script vectors that run with the sanitiser switched off", len(found))


def an_empty_page(visits: Visits) -> Page:
    page = open_page(visits, policy="without the policy")
    page.goto("/terms/")
    return page


def test_behind_the_sanitiser_the_policy_stands_alone(
    visits: Visits, ash: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    unsafe(monkeypatch)
    monkeypatch.setattr("tests.browser.test_hostile_texts.VECTORS", VECTORS[: len(VECTORS) // 8])
    assert shown(visits, ash, "with the policy") == set()
    assert any("CSP" in one for one in visits.troubles)
    visits.troubles.clear()


@pytest.fixture
def poisoned_house(transactional_db: None) -> dict[str, Visitor]:
    """The cast after a walk through the site; then every text of every table holds a script."""
    house = everybody()
    learner = uuid.UUID(house["learner"].browser.session["_auth_user_id"])
    gate = Lesson.objects.get(level_id=1, gate_id=1)
    publish(gate, content_data=poisoned(rich()), assessment_data=poisoned(assessment()))
    old = quiz_taking.begin(user_id=learner, lesson_id=gate.pk, at=timezone.now())
    quiz_taking.submit(
        user_id=learner, attempt_id=old.pk, answers=papers.filled_in(old, mistakes=0), at=timezone.now()
    )
    new = quiz_taking.begin(user_id=learner, lesson_id=gate.pk, at=timezone.now())
    done = quiz_taking.submit(
        user_id=learner, attempt_id=new.pk, answers=papers.filled_in(new, mistakes=0), at=timezone.now()
    )
    still = quiz_taking.begin(user_id=learner, lesson_id=gate.pk, at=timezone.now())
    house["learner"].pages += [
        done.get_absolute_url(),
        still.get_absolute_url(),
        "/learn/1/1/3/",
        "/learn/1/1/4/",
    ]
    columns = poison_everything()
    assert {"accounts.UserProfile.full_name", "learning.Lesson.title", "community.Post.title"} <= set(columns)
    figures.note("columns of the database that held a script", len(columns))
    return house


def test_no_text_of_any_table_runs_on_any_page(visits: Visits, poisoned_house: dict[str, Visitor]) -> None:
    # Names of gates and people have become strange: some pages are gone or closed, and that is fine.
    visits.expect_trouble("404 ", "status of 404", "403 ", "status of 403")
    for name, step in (("visitor", 12), ("learner", 4), ("staff", 30)):
        pages = [path for path in sorted(set(poisoned_house[name].pages)) if "logout" not in path]
        for policy in POLICIES:
            page = open_page(visits, policy=policy, cookie=session_of(poisoned_house[name], visits.site))
            for path in pages[:: 1 if FULL else step]:
                assert hits(page, path) == set(), path
                figures.note(f"pages full of scripts that were opened {policy}", 1)


def session_of(visitor: Visitor, site: str) -> Any:
    cookie = visitor.browser.cookies.get("sessionid")
    return {"name": "sessionid", "value": cookie.value, "url": site} if cookie else None


def test_the_harness_sees_one_run_where_templates_do_not_escape(
    visits: Visits, ash: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines["django"].engine, "autoescape", False)  # type: ignore[attr-defined]
    make_gate(1, 1, title=POLYGLOT)
    assert hits(open_page(visits, ash, policy="without the policy"), "/path/") != set()
    visits.troubles.clear()


def test_a_script_in_a_form_comes_back_as_the_text_that_was_typed(visits: Visits, ash: User) -> None:
    typed = """'"><img src=x onerror=ran(1)><svg onload=ran(2)>"""
    page = open_page(visits, ash, policy="without the policy")
    visits.expect_trouble("422 ", "status of 422")
    page.goto("/me/")
    page.get_by_label("Name").fill(typed)
    page.get_by_label("About you").fill(typed * 20)
    page.locator("main form button.primary").first.click()
    assert page.get_by_label("Name").input_value() == typed
    assert page.evaluate(PROVOKE) == []
    page.goto(f"/accounts/login/?next={html.escape(typed)}")
    assert page.evaluate(PROVOKE) == []
