"""The database goes away, between requests or in the middle of one, and comes back."""

import os
import re
import runpy
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.amounts import amount
from tests.faults.learner import Learner
from tests.faults.site import ROOT, Answer, Browser, Site
from tests.figures import note

PAGES = ["/dashboard/", "/path/", "/learn/1/1/1/", "/", "/terms/", "/accounts/login/"]
FORMS = ["/learn/1/1/assessment/begin/", "/learn/1/1/1/continue/", "/accounts/login/"]
# More than there are threads, so that each meets its broken connection.
SOME = 6


@pytest.fixture
def ember(site: Site) -> Browser:
    """A browser in which Ember is signed in."""
    browser = site.browser()
    assert browser.sign_in().path == "/dashboard/"
    return browser


@pytest.fixture
def cold_site(site: Site, ember: Browser) -> Iterator[Site]:
    """The site without PostgreSQL; it is back afterwards."""
    site.servers.stop_postgres()
    yield site
    site.servers.start_postgres()


def test_pages_and_forms_ask_to_come_back(ember: Browser, cold_site: Site) -> None:
    answers = [ember.get(path) for path in PAGES]
    answers += [ember.post(path) for path in FORMS]
    for answer in answers:
        assert answer.says_to_try_again
        assert "default-src 'none'" in str(answer.headers["Content-Security-Policy"])
    note("faults: requests while PostgreSQL was gone", len(answers))


def test_the_balancer_is_told(cold_site: Site) -> None:
    browser = cold_site.browser()
    assert browser.get("/healthz").status == 200
    assert browser.get("/readyz").status == 503


def test_the_first_page_after_it_is_back_works_and_everybody_is_still_signed_in(
    site: Site, ember: Browser
) -> None:
    site.servers.stop_postgres()
    try:
        assert ember.get("/dashboard/").status == 503
    finally:
        site.servers.start_postgres()
    for _ in range(SOME):
        answer = ember.get("/dashboard/")
        assert (answer.status, answer.path) == (200, "/dashboard/")


def test_connections_that_were_cut_are_opened_anew(site: Site, ember: Browser) -> None:
    site.cut_connections()
    for _ in range(SOME):
        assert ember.get("/dashboard/").status == 200


@pytest.mark.parametrize("ending", ["stop_postgres", "crash_postgres"])
@pytest.mark.parametrize("round_", range(amount(1, 5)))
def test_a_submit_that_was_under_way_is_as_if_it_had_not_been(site: Site, ending: str, round_: int) -> None:
    learner, undisturbed = (Learner(site, site.browser()) for _ in range(2))
    before = learner.effects()
    with ThreadPoolExecutor() as pool, site.held(learner.attempt):
        under_way: Future[Answer] = pool.submit(learner.submit)
        site.waits_for_a_lock()
        end: Callable[[], None] = getattr(site.servers, ending)
        end()
        answer = under_way.result()
        site.servers.start_postgres()
    assert answer.says_to_try_again
    assert learner.effects() == before
    assert learner.submit().path == f"{learner.paper}result/"
    assert undisturbed.submit().status == 200
    assert learner.effects() == undisturbed.effects()
    note("faults: submits during which PostgreSQL was ended", 1)


def test_what_was_filled_in_is_there_when_the_paper_is_opened_again(site: Site) -> None:
    learner = Learner(site, site.browser())
    ticked = {token: chosen for token, (chosen,) in learner.answers.items() if len(chosen) == 12}
    (token, choice), *_ = ticked.items()
    assert learner.browser.post(f"{learner.paper}save/", **{token: choice}).status == 204
    site.servers.crash_postgres()
    site.servers.start_postgres()
    paper = learner.browser.get(learner.paper).text
    assert re.search(rf'value="{choice}"[^>]* (checked|selected)', paper)


def test_a_standby_that_only_reads_yet_shows_pages_and_asks_writers_to_come_back(
    site: Site, ember: Browser
) -> None:
    learner = Learner(site, site.browser())
    reads_only = f"ALTER DATABASE {site.database} SET default_transaction_read_only ="
    with site.command(f"{reads_only} on", f"{reads_only} off"):
        site.cut_connections()
        assert ember.get("/dashboard/").status == 200
        assert learner.submit().says_to_try_again
    site.cut_connections()
    assert learner.submit().status == 200


def test_more_connections_than_there_may_be_ask_to_come_back(site: Site, ember: Browser) -> None:
    limit = f"ALTER ROLE {site.role} CONNECTION LIMIT"
    with site.command(f"{limit} 0", f"{limit} -1"):
        site.cut_connections()
        for _ in range(SOME):
            assert ember.get("/dashboard/").says_to_try_again
        assert ember.get("/readyz").status == 503
    for _ in range(SOME):
        assert ember.get("/dashboard/").status == 200


def test_threads_that_wait_for_a_lock_or_a_slow_query_come_free(site: Site, ember: Browser) -> None:
    """Both threads of the site are stuck at once, as long as they may be: 2 and 5 seconds."""
    learner = Learner(site, site.browser())
    slow = "CREATE POLICY slow ON achievements AS RESTRICTIVE USING (pg_sleep(60) IS NOT NULL)"
    with site.command(slow, "DROP POLICY slow ON achievements"), ThreadPoolExecutor() as pool:
        reading = pool.submit(ember.get, "/achievements/")
        with site.held(learner.attempt):
            assert learner.submit().says_to_try_again
        assert reading.result().says_to_try_again
    assert ember.get("/achievements/").status == 200
    assert learner.submit().path == f"{learner.paper}result/"


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> str:
    """How a process with these variables connects to PostgreSQL."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return str(runpy.run_path(str(ROOT / "dracarys" / "settings.py"))["DATABASES"]["default"]["OPTIONS"])


@pytest.mark.django_db
def test_jobs_may_wait_longer_than_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "statement_timeout=30s -c lock_timeout=10s" in settings_with(monkeypatch)
    environment: dict[str, str] = {}
    monkeypatch.setattr(os, "environ", environment)
    runpy.run_path(str(ROOT / "dracarys" / "wsgi.py"))
    monkeypatch.undo()
    assert "statement_timeout=5s -c lock_timeout=2s" in settings_with(monkeypatch, **environment)


def test_what_the_address_asks_of_the_connection_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgres://x@127.0.0.1/x?sslmode=require"
    for pgbouncer in ("false", "true"):
        options = settings_with(monkeypatch, DATABASE_URL=url, PGBOUNCER=pgbouncer)
        assert "'sslmode': 'require'" in options
        assert ("statement_timeout" in options) == (pgbouncer == "false")
