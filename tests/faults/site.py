"""The whole site in processes of its own, with servers that can be stopped; and a browser for it."""

import contextlib
import http.cookiejar
import itertools
import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
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
from dracarys.servers.home import Account
from dracarys.servers.login import DATABASE, LOGIN
from tests.servers.runs import clean_environment, eventually, free_port

ROOT = Path(__file__).resolve().parents[2]
WEB = "granian --interface wsgi --no-ws --blocking-threads 2 --host 127.0.0.1 --log-level warning"
CELERY = "celery -A dracarys --quiet"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered after redirects; `path` is where it ended."""

    status: int
    path: str
    text: str
    headers: HTTPMessage

    @property
    def says_to_try_again(self) -> bool:
        """Whether it is the promised page: what happened, what to do and when, and nothing of the inside."""
        promised = "We could not save that" in self.text and "Nothing was lost" in self.text
        timed = (self.status, self.headers["Retry-After"]) == (503, "5")
        return timed and promised and "Traceback" not in self.text


class _Lenient(urllib.request.HTTPErrorProcessor):
    """Follows redirects and hands out errors as pages."""

    def http_response(self, request: urllib.request.Request, response: HTTPResponse) -> Any:
        return super().http_response(request, response) if 300 <= response.status < 400 else response


class Browser:
    """Keeps cookies, follows redirects, and sends the token of the page it saw last."""

    _hosts = itertools.count(1)

    def __init__(self, url: str) -> None:
        self.url, self.page = url, ""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(_Lenient, jar)
        # Everybody comes from an address of their own: some limits count by address.
        host = next(self._hosts)
        self._opener.addheaders = [("X-Forwarded-For", f"10.0.{host // 250}.{host % 250 + 1}")]

    def get(self, path: str) -> Answer:
        return self._open(path, None)

    def post(self, path: str, **form: str | list[str]) -> Answer:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        assert token, "no form was seen before"
        return self._open(path, urlencode({**form, "csrfmiddlewaretoken": token[1]}, doseq=True).encode())

    def sign_in(self, address: str = Logins().learner) -> Answer:
        self.get("/accounts/login/")
        return self.post("/accounts/login/", login=address, password=Logins().password)

    def _open(self, path: str, body: bytes | None) -> Answer:
        with self._opener.open(self.url + path, body, timeout=30) as response:
            text = response.read().decode()
            place = response.geturl().removeprefix(self.url)
            answer = Answer(response.status, place, text, response.headers)
        self.page = text if "csrfmiddlewaretoken" in text else self.page
        return answer


@dataclass(frozen=True, slots=True)
class Door:
    """A web server of the site, and where it listens."""

    process: Process
    url: str

    def browser(self) -> Browser:
        return Browser(self.url)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def answers(self) -> bool:
        try:
            return self.browser().get("/healthz").status == 200
        except OSError:
            return False


class Site:
    """Web in the background, worker and beat for as long as a block runs."""

    database, role = DATABASE, LOGIN

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
            TRUSTED_PROXIES="1",
            DJANGO_SETTINGS_MODULE="dracarys.settings",
        )
        # What PostgreSQL has said to be saved has left its memory, as in production.
        self.superuser_url = servers.superuser_url.rpartition("/")[0] + f"/{DATABASE}"
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {DATABASE} SET synchronous_commit = on".encode())
        subprocess.run([sys.executable, "manage.py", "prepare"], env=self.env, cwd=ROOT, check=True)
        door = self._open_door("web", "--workers 1", {})
        self.web, self.url = door.process, door.url

    def browser(self) -> Browser:
        return Browser(self.url)

    def new_folder(self, name: str, account: Account | None) -> Path:
        """A folder of the servers' account."""
        folder = self.folder / name
        folder.mkdir()
        if account:
            os.chown(folder, account.uid, account.gid)
        return folder

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Read the database as the login role, which owns the tables."""
        with psycopg.connect(self.servers.database_url) as connection:
            return connection.execute(query.encode(), values).fetchall()

    def change(self, query: str, *values: object) -> None:
        """Write to the database as the login role."""
        with psycopg.connect(self.servers.database_url) as connection:
            connection.execute(query.encode(), values)

    @contextmanager
    def command(self, query: str, undo: str) -> Iterator[None]:
        """Have the server's superuser do something, and undo it."""
        with psycopg.connect(self.superuser_url, autocommit=True) as connection:
            connection.execute(query.encode())
            try:
                yield
            finally:
                connection.execute(undo.encode())

    @contextmanager
    def held(self, attempt: str) -> Iterator[Callable[[], None]]:
        """Nobody else gets hold of the attempt's row, until it is let go by calling what this yields."""
        with psycopg.connect(self.servers.database_url) as connection:
            connection.execute("SELECT FROM attempts WHERE id = %s FOR UPDATE", [attempt])
            yield connection.rollback
            with contextlib.suppress(psycopg.Error):  # a test may have ended the server
                connection.rollback()

    def waits_for_a_lock(self, some: int = 1) -> None:
        """Return when so many of the site's connections wait for a lock."""
        assert eventually(lambda: self.waiters() == some)

    def waiters(self) -> int:
        """How many connections wait for a lock."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        ((count,),) = self.rows(query)
        return int(count)

    def cut_connections(self) -> None:
        """End every connection to PostgreSQL from its side."""
        cut = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        with psycopg.connect(self.superuser_url) as connection:
            connection.execute(f"{cut} WHERE usename = '{LOGIN}'".encode())

    def sent(self, recipient: str) -> bool:
        """Whether everything for this address has left, and something had been there."""
        query = "SELECT count(*), count(sent_at) FROM outbox_messages WHERE recipient = %s"
        ((all_, sent),) = self.rows(query, recipient)
        return bool(all_) and all_ == sent

    @contextmanager
    def celery(self, name: str, options: str = "", **environment: str) -> Iterator[Process]:
        """A worker or a beat; ended at the latest with the block."""
        words = {
            "worker": "worker -c 1 -l warning --without-gossip --without-mingle --without-heartbeat",
            "beat": f"beat -l warning -s {self.folder / 'beat'}",
        }
        process = self._start(name, f"{CELERY} {words[name]} {options}", environment)
        try:
            yield process
        finally:
            self.family.stop(process, signal.SIGTERM, 10)

    @contextmanager
    def another_web(
        self, name: str, options: str = "--workers 1", port: int | str = "", **environment: str
    ) -> Iterator[Door]:
        """One more web server of the same site; on a port that another one has, they share the callers."""
        door = self._open_door(name, options, environment, port)
        try:
            yield door
        finally:
            self.family.stop(door.process, signal.SIGTERM, 10)

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

    def _open_door(self, name: str, options: str, environment: dict[str, str], port: int | str = "") -> Door:
        port = port or free_port()
        words = f"{WEB} {options} --port {port} dracarys.wsgi:application"
        door = Door(self._start(name, words, environment), f"http://127.0.0.1:{port}")
        assert eventually(door.answers), self.log(name)
        return door
