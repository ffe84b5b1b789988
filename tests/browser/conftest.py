"""A real Chromium in front of the real site.

Every page is watched: an error in the console, a request that fails and a broken content security policy
fail the test, unless it said beforehand that it expects them.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.db import connections
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from accounts.models import User
from tests.browser.world import World, load_starter_course, make_world, session_of
from tests.browser_setup import launch

PATIENCE = 15_000  # ms: how long anything may take before it counts as missing
REFUSALS = """addEventListener("securitypolicyviolation", (event) =>
    console.error(`CSP: ${event.violatedDirective} refuses ${event.blockedURI}`))"""


class _Server(ThreadedWSGIServer):
    # Its end waits for the threads, so that no connection to the database outlives it.
    daemon_threads = False


class SiteThread(LiveServerThread):
    server_class = _Server


def _as_it_is(application: WSGIHandler) -> WSGIHandler:
    return application


@pytest.fixture(scope="package")
def site(django_db_setup: None) -> Iterator[str]:
    """The address of a running site; WhiteNoise serves its static files, as it does for everybody."""
    thread = SiteThread("127.0.0.1", static_handler=cast(type[WSGIHandler], _as_it_is))
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


@pytest.fixture(scope="package")
def browser(site: str) -> Iterator[Browser]:
    """One Chromium for all tests of this folder; it is gone before the site, whose threads it keeps busy."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in this thread; Django would refuse to use the database beside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        expect.set_options(timeout=PATIENCE)
        browser, _ = launch(playwright)
        yield browser
        browser.close()
        # Django keeps a connection apart for a thread with a loop; nobody else would ever close it.
        connections.close_all()


@dataclass
class Visits:
    """Opens pages, watches them and closes them."""

    browser: Browser
    site: str
    contexts: list[BrowserContext] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def open(self, user: User | None = None, *, cookie: Any = None, **options: Any) -> Page:
        """A page of a fresh browser, signed in as `user` or by the `cookie` of a session."""
        context = self.browser.new_context(base_url=self.site, **options)
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        context.add_init_script(REFUSALS)
        if session := cookie or (user and session_of(user, self.site)):
            context.add_cookies([session])
        return self.watch(context.new_page())

    def watch(self, page: Page) -> Page:
        """Note everything that goes wrong on the page."""
        page.on("console", lambda said: self.note(said.type in ("error", "warning"), f"console: {said.text}"))
        page.on("pageerror", lambda error: self.note(True, f"script: {error}"))
        # A request is given up when the reader goes on before it is answered; that is nobody's fault.
        page.on(
            "requestfailed",
            lambda lost: self.note(lost.failure != "net::ERR_ABORTED", f"{lost.url}: {lost.failure}"),
        )
        page.on("response", lambda got: self.note(got.status >= 400, f"{got.status} {got.url}"))
        page.on("request", lambda sent: self.note(self.is_foreign(sent.url), f"foreign: {sent.url}"))
        return page

    def is_foreign(self, address: str) -> bool:
        """Whether somebody else is asked; what is in the page itself asks nobody."""
        return not address.startswith((f"{self.site}/", "data:", "blob:"))

    def note(self, is_trouble: bool, what: str) -> None:
        if is_trouble:
            self.troubles.append(what)

    def expect_trouble(self, *parts: str) -> None:
        """From now on, troubles with one of these parts in them are no surprise."""
        self.expected += parts

    def surprises(self) -> list[str]:
        return [one for one in self.troubles if not any(part in one for part in self.expected)]

    def close(self) -> None:
        while self.contexts:
            self.contexts.pop().close()


@pytest.fixture
def visits(browser: Browser, site: str, transactional_db: None) -> Iterator[Visits]:
    visits = Visits(browser, site)
    yield visits
    visits.close()
    assert visits.surprises() == []


@pytest.fixture
def starter_course(transactional_db: None) -> None:
    """The real course and the real achievements."""
    load_starter_course()


@pytest.fixture
def mailbox(settings: Any, tmp_path: Path) -> Path:
    """A folder into which mail is sent, and which /mail/ shows."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAILBOX_PATH = settings.EMAIL_FILE_PATH = os.fspath(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def world(
    browser: Browser,
    site: str,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    """A lived-in site for all tests of a module: they only look at it."""
    folder = tmp_path_factory.mktemp("mail")
    with django_db_blocker.unblock(), override_settings(MAILBOX_PATH=os.fspath(folder)):
        yield make_world(folder, site)
        call_command("flush", interactive=False, verbosity=0)
