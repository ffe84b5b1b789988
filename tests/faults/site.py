"""The whole site in processes of its own, with servers that can be stopped; and a browser for it."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPMessage, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psycopg

from dracarys.demo import Logins
from dracarys.servers import TemporaryServers
from dracarys.servers.family import Family, Process
from tests.servers.runs import clean_environment, eventually, free_port

ROOT = Path(__file__).resolve().parents[2]
WEB = "granian --interface wsgi --workers 1 --blocking-threads 2 --host 127.0.0.1 --log-level warning"
CELERY = "celery -A dracarys --quiet"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered after redirects; `path` is where it ended."""

    status: int
    path: str
    text: str
    headers: HTTPMessage


class _Lenient(urllib.request.HTTPErrorProcessor):
    """Follows redirects and hands out errors as pages."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> Any:
        return super().http_response(request, response) if 300 <= response.status < 400 else response


class Browser:
    """Keeps cookies, follows redirects, and sends the token of the page it saw last."""

    def __init__(self, url: str) -> None:
        self.url, self.page = url, ""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(_Lenient, jar)

    def get(self, path: str) -> Answer:
        return self._open(path, None)

    def post(self, path: str, **form: str) -> Answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        assert token, "no form was seen before"
        return self._open(path, urlencode({**form, "csrfmiddlewaretoken": token[1]}).encode())

    def sign_in(self) -> Answer:
        self.get("/accounts/login/")
        return self.post("/accounts/login/", login=Logins().learner, password=Logins().password)

    def _open(self, path: str, body: bytes | None) -> Answer:
        with self._opener.open(self.url + path, body, timeout=30) as response:
            text = response.read().decode()
            place = response.geturl().removeprefix(self.url)
            answer = Answer(response.status, place, text, response.headers)
        self.page = text if "csrfmiddlewaretoken" in text else self.page
        return answer


class Site:
    """Web in the background, worker and beat for as long as a block runs."""

    def __init__(self, servers: TemporaryServers, family: Family, folder: Path) -> None:
        self.servers, self.family, self.folder = servers, family, folder
        self.mailbox = folder / "mail"
        self.mailbox.mkdir()
        self.env = clean_environment(
            DATABASE_URL=servers.database_url,
            REDIS_URL=servers.redis_url,
            DRACARYS_ZERO_SETUP="1",
            SECRET_KEY="only-for-these-tests",
            MAILBOX_PATH=str(self.mailbox),
            DJANGO_SETTINGS_MODULE="dracarys.settings",
        )
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        subprocess.run([sys.executable, "manage.py", "prepare"], env=self.env, cwd=ROOT, check=True)
        self.web = self._start("web", f"{WEB} --port {port} dracarys.wsgi:application", {})
        assert eventually(self._answers), self.log("web")

    def browser(self) -> Browser:
        return Browser(self.url)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database as the login role, which owns the tables."""
        with psycopg.connect(self.servers.database_url) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def sent(self, recipient: str) -> bool:
        """Whether everything for this address has left, and something had been there."""
        query = "SELECT count(*), count(sent_at) FROM outbox_messages WHERE recipient = %s"
        ((all_, sent),) = self.rows(query, recipient)
        return bool(all_) and all_ == sent

    @contextmanager
    def celery(self, name: str, **environment: str) -> Iterator[Process]:
        """A worker or a beat; ended at the latest with the block."""
        words = {
            "worker": "worker -c 1 -l warning --without-gossip --without-mingle --without-heartbeat",
            "beat": f"beat -l warning -s {self.folder / 'beat'}",
        }
        process = self._start(name, f"{CELERY} {words[name]}", environment)
        try:
            yield process
        finally:
            self.family.stop(process, signal.SIGTERM, 10)

    def kill(self, process: Process) -> None:
        """End a process and its children as a power cut would."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def _start(self, name: str, words: str, environment: dict[str, str]) -> Process:
        with (self.folder / f"{name}.log").open("ab") as log:
            return self.family.start(
                [sys.executable, "-m", *words.split()],
                stop_signal=signal.SIGTERM,
                env={**self.env, **environment},
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _answers(self) -> bool:
        try:
            return self.browser().get("/readyz").status == 200
        except OSError:
            return False
