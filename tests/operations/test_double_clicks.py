"""Impatience over real lines, at several processes at once: one result, and never an error page."""

import itertools
import uuid
from functools import partial

import pytest

from accounts.models import OutboxMessage, User
from learning import quiz_taking
from learning.models import Attempt, Lesson, UserProgress
from tests.accounts.mails import code_in, text_of
from tests.amounts import THREADS, amount
from tests.database.rows import NOON
from tests.factories.learning import answers_to, make_gate
from tests.figures import note
from tests.operations.browser import Answer, Browser, Visitor
from tests.operations.site import Site
from tests.races.cast import ledger_sum, newcomer, profile
from tests.races.crew import Crew

CLICKS = amount(3, 200)
_hosts = itertools.count()


def visitor(user: User | None = None) -> Visitor:
    host = next(_hosts)
    somebody = Visitor(f"10.2.{host // 250}.{host % 250 + 1}")
    if user:
        somebody.sign_in(user)
    return somebody


def click(site: Site, crew: Crew, visitors: list[Visitor], path: str, **form: str) -> list[Answer]:
    """All click at once, each in a window of their own. Every answer is a page or leads to one."""
    browsers = [Browser(site.port) for _ in visitors]
    clicks = [partial(b.post, v, path, form) for b, v in zip(browsers, visitors, strict=True)]
    outcome = crew.race(*clicks)
    for browser in browsers:
        browser.close()
    assert outcome.errors == []
    assert {answer.status for answer in outcome.results} <= {200, 302, 303}, outcome.results
    note("double clicks over HTTP: requests that met", len(browsers))
    note("double clicks over HTTP: error pages", 0, limit="0")
    return outcome.results


@pytest.fixture
def gate(site: Site) -> Lesson:
    return make_gate(1, next(_hosts) + 1)


@pytest.mark.usefixtures("gate")
def test_the_site_has_several_processes(site: Site) -> None:
    assert len(site.web_workers()) > 1


def test_submit_gives_one_result_and_is_paid_once(site: Site, crew: Crew, gate: Lesson) -> None:
    for _ in range(CLICKS):
        user = newcomer()
        attempt = quiz_taking.begin(user_id=user.pk, lesson_id=gate.pk, at=NOON)
        answers = click(
            site, crew, [visitor(user)] * THREADS, f"/attempts/{attempt.pk}/submit/", **answers_to(attempt)
        )
        assert {answer.place for answer in answers} == {f"/attempts/{attempt.pk}/result/"}
        assert ledger_sum(user) == profile(user).total_xp == 600
        assert UserProgress.objects.get(user=user).attempts_count == 1


def test_begin_leads_to_one_attempt(site: Site, crew: Crew, gate: Lesson) -> None:
    for _ in range(CLICKS):
        user = newcomer()
        answers = click(site, crew, [visitor(user)] * THREADS, f"/learn/1/{gate.gate_id}/assessment/begin/")
        attempt = Attempt.objects.get(user=user)
        assert {answer.place for answer in answers} == {f"/attempts/{attempt.pk}/"}


def test_continue_leads_to_the_next_block(site: Site, crew: Crew, gate: Lesson) -> None:
    for _ in range(CLICKS):
        user = newcomer()
        answers = click(site, crew, [visitor(user)] * THREADS, f"/learn/1/{gate.gate_id}/1/continue/")
        assert {answer.place for answer in answers} == {f"/learn/1/{gate.gate_id}/2/"}
        assert UserProgress.objects.get(user=user).position == 1


def test_signing_up_makes_one_person(site: Site, crew: Crew) -> None:
    for _ in range(CLICKS):
        email = f"{uuid.uuid4().hex}@example.org"
        # Two clicks: whoever asks for more than three mails in ten minutes is told to wait.
        answers = click(
            site, crew, [visitor(), visitor()], "/accounts/signup/", email=email, password1="a-dragon-at-dusk"
        )
        assert {answer.place for answer in answers} == {"/accounts/confirm-email/"}
        assert User.objects.filter(email=email).count() == 1


def test_a_code_confirms_the_address(site: Site, crew: Crew) -> None:
    for _ in range(CLICKS):
        email, first = f"{uuid.uuid4().hex}@example.org", visitor()
        click(site, crew, [first], "/accounts/signup/", email=email, password1="a-dragon-at-dusk")
        code = code_in(text_of(OutboxMessage.objects.get(recipient=email)))
        tabs = [Visitor(first.host, dict(first.cookies)) for _ in range(THREADS)]
        answers = click(site, crew, tabs, "/accounts/confirm-email/", code=code)
        assert {answer.place for answer in answers} <= {"/dashboard/", "/accounts/login/"}
        assert User.objects.get(email=email).email_confirmed_at is not None
