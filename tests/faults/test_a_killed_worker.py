"""A worker that is killed while it sends loses no mail and sends none twice."""

import threading
import uuid
from collections.abc import Iterator

import pytest

from tests.faults.post_office import GREETING, SILENCE, PostOffice
from tests.faults.site import Site
from tests.figures import note
from tests.servers.runs import eventually


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with PostOffice() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_worker_killed_in_the_middle_loses_no_mail(site: Site, office: PostOffice) -> None:
    address = f"{uuid.uuid4().hex}@example.org"
    environment = {"EMAIL_URL": office.url, "MAILBOX_PATH": ""}
    browser = site.browser()
    browser.get("/accounts/signup/")
    browser.post("/accounts/signup/", email=address, password1="a-dragon-at-dusk")
    office.manner = {GREETING: SILENCE}
    with site.celery("beat"):
        with site.celery("worker", **environment) as worker:
            assert office.somebody_waits.wait(40), site.log("worker")
            # However long a mail server lets us wait, no transaction is open and no row is held.
            held = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%%'"
            assert site.rows(held) == [(0,)]
            site.kill(worker)
        assert not site.sent(address)
        assert office.letters == []
        office.manner = {}
        # Time passes: what a worker had taken is free for the next one after two minutes.
        site.change("UPDATE outbox_messages SET due_at = now() WHERE recipient = %s", address)
        with site.celery("worker", **environment):
            assert eventually(lambda: site.sent(address), 40), site.log("worker")
    assert len(office.copies(address)) == 1
    assert site.rows("SELECT attempts FROM outbox_messages WHERE recipient = %s", address) == [(2,)]
    note("faults: mails lost or doubled by killed workers", 0, limit="0")
