"""Cache and queue are gone: people learn on, and what was to be told waits."""

import re
import uuid
from collections.abc import Iterator

import pytest

from tests.faults.site import Browser, Site
from tests.servers.runs import eventually


@pytest.fixture
def dark_site(site: Site) -> Iterator[Site]:
    """The site without Valkey; it is back afterwards."""
    site.servers.stop_valkey()
    yield site
    site.servers.start_valkey()


def first_choices(page: str) -> dict[str, str]:
    """The first choice of every question."""
    answers: dict[str, str] = {}
    for radio in re.findall(r'<input[^>]*type="radio"[^>]*>', page):
        name, value = (re.search(rf'\b{key}="([^"]+)"', radio) for key in ("name", "value"))
        assert name
        assert value
        answers.setdefault(name[1], value[1])
    return answers


def learn(browser: Browser) -> None:
    """From the dashboard through a gate to its result."""
    for path in ("/dashboard/", "/path/", "/learn/1/1/1/", "/leaderboards/weekly/", "/achievements/", "/me/"):
        answer = browser.get(path)
        assert (answer.status, answer.path) == (200, path)
    assert browser.post("/learn/1/1/1/continue/").status == 200
    browser.get("/learn/1/1/assessment/")
    paper = browser.post("/learn/1/1/assessment/begin/")
    assert paper.status == 200
    answers = first_choices(paper.text)
    assert answers
    result = browser.post(f"{paper.path}submit/", **answers)
    assert (result.status, result.path) == (200, f"{paper.path}result/")


def test_people_sign_in_and_learn(dark_site: Site) -> None:
    browser = dark_site.browser()
    assert browser.sign_in().path == "/dashboard/"
    learn(browser)
    assert browser.post("/accounts/logout/").path == "/"
    assert dark_site.browser().get("/readyz").text == '{"database": "ok", "cache": "degraded"}'


def test_guessing_passwords_is_still_limited(dark_site: Site) -> None:
    browser, address = dark_site.browser(), f"{uuid.uuid4().hex}@example.org"
    browser.get("/accounts/login/")
    wrong = {"login": address, "password": "wrong-horse-battery"}
    # The two threads of the site learn of the missing Valkey one after the other and share what they count.
    pages = [browser.post("/accounts/login/", **wrong).text for _ in range(6)]
    assert "Too many" not in pages[0]
    assert "Too many" in pages[-1]


def test_mail_waits_and_leaves_when_the_queue_is_back(site: Site) -> None:
    address = f"{uuid.uuid4().hex}@example.org"
    site.servers.stop_valkey()
    try:
        with site.celery("worker"), site.celery("beat"):
            browser = site.browser()
            browser.get("/accounts/signup/")
            page = browser.post("/accounts/signup/", email=address, password1="a-dragon-at-dusk")
            assert (page.status, page.path) == (200, "/accounts/confirm-email/")
            browser = site.browser()
            browser.get("/accounts/password/reset/")
            assert browser.post("/accounts/password/reset/", email="ember@example.org").status == 200
            assert not site.sent(address)
            site.servers.start_valkey()
            assert eventually(lambda: site.sent(address), 40), site.log("worker") + site.log("beat")
            assert eventually(lambda: site.sent("ember@example.org"))
    finally:
        site.servers.stop_valkey()
        site.servers.start_valkey()
    letters = [path.read_text() for path in site.mailbox.glob("*.log")]
    assert sum(f"To: {address}" in letter for letter in letters) == 1
