"""The database goes away in mid-session and comes back."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.faults.site import Browser, Site

PAGES = ["/dashboard/", "/path/", "/learn/1/1/1/", "/", "/terms/", "/accounts/login/"]
FORMS = ["/learn/1/1/assessment/begin/", "/learn/1/1/1/continue/", "/accounts/login/"]


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
        assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
        assert "Nothing was lost" in answer.text
        assert "Traceback" not in answer.text
        assert "default-src 'none'" in str(answer.headers["Content-Security-Policy"])


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
    # More than there are threads, so that each meets its broken connection.
    for _ in range(6):
        answer = ember.get("/dashboard/")
        assert (answer.status, answer.path) == (200, "/dashboard/")


def test_connections_that_were_cut_are_opened_anew(site: Site, ember: Browser) -> None:
    cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    with psycopg.connect(site.servers.superuser_url) as connection:
        connection.execute(f"{cut} AND backend_type = 'client backend'".encode())
    for _ in range(6):
        assert ember.get("/dashboard/").status == 200
