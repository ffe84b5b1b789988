"""Cache and queue are gone, hang or are slow: people learn on, and what was to be told waits."""

import time
import uuid
from collections.abc import Iterator

import pytest

from dracarys.cache import PAUSE_SECONDS, TIMEOUT_SECONDS
from tests.amounts import amount
from tests.faults.conftest import Wired
from tests.faults.learner import Learner
from tests.faults.site import Browser, Door, Site
from tests.figures import note
from tests.servers.runs import eventually

PAGES = ["/dashboard/", "/path/", "/learn/1/1/1/", "/leaderboards/weekly/", "/leaderboards/all_time/"]
PAGES += ["/achievements/", "/me/", "/help/", "/terms/", "/accounts/email/", "/accounts/password/change/"]
# Every third or so of a thousand answers comes from a form.
LAPS = amount(1, 40)


@pytest.fixture
def dark_site(site: Site) -> Iterator[Site]:
    """The site without Valkey; it is back afterwards."""
    site.servers.stop_valkey()
    yield site
    site.servers.start_valkey()


@pytest.fixture
def dark_door(dark_site: Site) -> Door:
    return Door(dark_site.web, dark_site.url)


@pytest.fixture
def hanging_door(wired: Wired) -> Iterator[Door]:
    """Valkey takes calls and never answers."""
    with wired.valkey.silent():
        yield wired.door


@pytest.fixture
def slow_door(wired: Wired) -> Iterator[Door]:
    """Valkey answers, but later than anybody waits."""
    with wired.valkey.slow(2 * TIMEOUT_SECONDS):
        yield wired.door


@pytest.fixture(params=["dark", "hanging", "slow"])
def door(request: pytest.FixtureRequest) -> Door:
    """A web server whose Valkey is of no use."""
    found: Door = request.getfixturevalue(f"{request.param}_door")
    return found


def go_about(site: Site, door: Door) -> int:
    """Join, ask for a new password, sign in, learn, look at every main page, leave; how many answers."""
    stranger, learner = door.browser(), Learner(site, door.browser())
    answers = []
    for path in PAGES:
        answers.append(learner.browser.get(path))
        assert answers[-1].path == path
    answers.append(learner.submit())
    assert answers[-1].path.endswith("/result/")
    answers.append(learner.browser.post("/accounts/logout/"))
    answers.append(stranger.get("/accounts/signup/"))
    newcomer = f"{uuid.uuid4().hex}@example.org"
    answers.append(stranger.post("/accounts/signup/", email=newcomer, password1="a-dragon-at-dusk"))
    assert answers[-1].path == "/accounts/confirm-email/"
    forgetful = door.browser()
    answers.append(forgetful.get("/accounts/password/reset/"))
    answers.append(forgetful.post("/accounts/password/reset/", email=learner.email))
    assert [answer.status for answer in answers] == [200] * len(answers)
    # What has to be told waits in the database, whatever became of the queue.
    for address in (newcomer, learner.email):
        assert site.rows("SELECT sent_at FROM outbox_messages WHERE recipient = %s", address) == [(None,)]
    return len(answers) + 5


def test_no_request_talks_to_the_queue(wired: Wired) -> None:
    wired.valkey.heard.clear()
    wired.door.browser().get("/readyz")
    assert eventually(lambda: '"cache": "ok"' in wired.door.browser().get("/readyz").text)
    go_about(wired.site, wired.door)
    heard = bytes(wired.valkey.heard).lower()
    assert b"allauth" in heard
    assert b"celery" not in heard
    assert b"kombu" not in heard


def test_everything_works(site: Site, door: Door) -> None:
    answers = sum(go_about(site, door) for _ in range(LAPS))
    note("faults: requests while Valkey was gone, hanging or slow", answers)
    note("faults: errors seen while Valkey was gone, hanging or slow", 0, limit="0")


@pytest.mark.parametrize("door", ["dark", "hanging"], indirect=True)
def test_guessing_passwords_is_still_limited(door: Door) -> None:
    browser, address = door.browser(), f"{uuid.uuid4().hex}@example.org"
    browser.get("/accounts/login/")
    wrong = {"login": address, "password": "wrong-horse-battery"}
    # Both threads of the server share what they count.
    pages = [browser.post("/accounts/login/", **wrong).text for _ in range(6)]
    assert "Too many" not in pages[0]
    assert "Too many" in pages[-1]


def test_the_balancer_is_told(dark_door: Door) -> None:
    assert dark_door.browser().get("/readyz").text == '{"database": "ok", "cache": "degraded"}'


def test_one_request_waits_for_a_hanging_valkey_and_the_others_do_not(
    wired: Wired, hanging_door: Door
) -> None:
    before, started = wired.valkey.questions, time.monotonic()
    go_about(wired.site, hanging_door)
    pauses = 1 + (time.monotonic() - started) // PAUSE_SECONDS
    assert wired.valkey.questions - before <= pauses


def told(site: Site, letter_to: str) -> int:
    """How many mails to this address have left."""
    return sum(f"To: {letter_to}" in path.read_text() for path in site.mailbox.glob("*.log"))


def ask_for_a_password(browser: Browser, address: str) -> None:
    browser.get("/accounts/password/reset/")
    assert browser.post("/accounts/password/reset/", email=address).status == 200


def test_mail_waits_and_leaves_once_when_the_queue_is_back(site: Site, wired: Wired) -> None:
    """The queue is gone, then it hangs; each time mail leaves when it is back, and none twice."""
    gone, hung = (Learner(site, site.browser()).email for _ in range(2))
    with site.celery("worker", REDIS_URL=wired.valkey.url), site.celery("beat", REDIS_URL=wired.valkey.url):
        site.servers.stop_valkey()
        try:
            ask_for_a_password(site.browser(), gone)
        finally:
            site.servers.start_valkey()
        assert eventually(lambda: site.sent(gone)), site.log("worker") + site.log("beat")
        with wired.valkey.silent():
            ask_for_a_password(wired.door.browser(), hung)
            assert not site.sent(hung)
        assert eventually(lambda: site.sent(hung)), site.log("worker") + site.log("beat")
    assert [told(site, address) for address in (gone, hung)] == [1, 1]
    note("faults: mails lost or doubled while the queue was gone or hung", 0, limit="0")
