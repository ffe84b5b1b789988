"""A worker that is killed while it sends loses no mail and sends none twice."""

import socketserver
import threading
import uuid
from collections.abc import Iterator

import pytest

from tests.faults.site import Site
from tests.servers.runs import eventually

REPLIES = {b"EHLO": b"250 hello", b"MAIL": b"250 ok", b"RCPT": b"250 ok", b"QUIT": b"221 bye"}


class MailServer(socketserver.ThreadingTCPServer):
    """Leaves its first caller waiting, and takes the mail of every later one."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Letterbox)
        self.first_is_waiting = threading.Event()
        self.letters: list[str] = []

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class Letterbox(socketserver.StreamRequestHandler):
    """One caller."""

    server: MailServer

    def handle(self) -> None:
        if not self.server.first_is_waiting.is_set():
            self.server.first_is_waiting.set()
            self.rfile.read()  # until the caller has gone
            return
        self._say(b"220 here")
        while line := self.rfile.readline():
            if line[:4].upper() == b"DATA":
                self._take()
            else:
                self._say(REPLIES[line[:4].upper()])

    def _take(self) -> None:
        self._say(b"354 go on")
        lines = iter(self.rfile.readline, b".\r\n")
        self.server.letters.append(b"".join(lines).decode())
        self._say(b"250 taken")

    def _say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


@pytest.fixture
def post_office() -> Iterator[MailServer]:
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_worker_killed_in_the_middle_loses_no_mail(site: Site, post_office: MailServer) -> None:
    address = f"{uuid.uuid4().hex}@example.org"
    environment = {"EMAIL_URL": post_office.url, "MAILBOX_PATH": ""}
    browser = site.browser()
    browser.get("/accounts/signup/")
    browser.post("/accounts/signup/", email=address, password1="a-dragon-at-dusk")
    with site.celery("beat"):
        with site.celery("worker", **environment) as worker:
            assert post_office.first_is_waiting.wait(40), site.log("worker")
            site.kill(worker)
        assert not site.sent(address)
        assert post_office.letters == []
        with site.celery("worker", **environment):
            assert eventually(lambda: site.sent(address), 40), site.log("worker")
    assert sum(f"To: {address}" in letter for letter in post_office.letters) == 1
    assert site.rows("SELECT attempts FROM outbox_messages WHERE recipient = %s", address) == [(1,)]
