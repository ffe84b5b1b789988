"""How to come to a state of a page that has no address: what somebody did, and how the site is meanwhile."""

import errno
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import override_settings
from playwright.sync_api import Page, expect

Act = Callable[[Page], None]
Meanwhile = Callable[[], AbstractContextManager[None]]


def send(page: Page) -> None:
    """The form as it is."""
    page.locator("main form button.primary").click()


def submit(page: Page) -> None:
    """The form as it is, which is wrong."""
    send(page)
    expect(page.locator("#error-summary")).to_be_focused()


def empty_name(page: Page) -> None:
    page.get_by_label("Name").fill("")
    submit(page)


def ask_for_code(page: Page) -> None:
    page.get_by_label("Email").fill("looked-at@example.org")
    page.get_by_label("Password").fill("three-quiet-candles")
    send(page)
    expect(page.get_by_role("textbox", name="Code")).to_be_visible()


def ask_for_reset(page: Page) -> None:
    page.get_by_label("Email").fill("ember@example.org")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your email")


def send_without_token(page: Page) -> None:
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach((one) => one.remove())")
    send(page)
    expect(page.locator(".kicker")).to_have_text("403")


def send_twice(page: Page) -> None:
    submit(page)
    send(page)
    expect(page.locator(".kicker")).to_have_text("429")


def upload_a_course(page: Page) -> None:
    """The course as it is, but for one word."""
    here = page.url.replace("/upload/", "/download/")
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(page.request.get(here).body())) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b" price ", b" cost "))
    page.locator("input[type=file]").set_input_files(
        {"name": "course.zip", "mimeType": "application/zip", "buffer": made.getvalue()}
    )
    page.get_by_role("button", name="Show what would change").click()
    page.locator("details summary").first.click()
    expect(page.locator("details pre").first).to_be_visible()


@contextmanager
def own_files() -> Iterator[None]:
    """Uploads go into a folder that is gone afterwards; the figures that there are lie there, too."""
    figures = Path(settings.MEDIA_ROOT) / "figures"
    with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=folder):
        if figures.exists():
            shutil.copytree(figures, Path(folder) / "figures")
        yield


@contextmanager
def one_try() -> Iterator[None]:
    """Signing in may be tried once a minute."""
    with override_settings(ACCOUNT_RATE_LIMITS={"login": "1/m/ip"}):
        yield


@contextmanager
def no_mail() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, override_settings(MAILBOX_PATH=folder):
        yield


def dashboard_raises(error: Exception) -> Meanwhile:
    """A site whose dashboard does not work."""

    def broken(*args: object, **kwargs: object) -> None:
        raise error

    @contextmanager
    def meanwhile() -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("dracarys.views.dashboard_of", broken)
            yield

    return meanwhile


broken = dashboard_raises(ZeroDivisionError())
without_database = dashboard_raises(OperationalError())
without_room = dashboard_raises(OSError(errno.ENOSPC, "the disk is full"))


def change_note(page: Page) -> None:
    """Another tab saved meanwhile, so that this one's form is an old one."""
    page.locator("#note-state input").evaluate("it => { it.value = 'older' }")
    page.get_by_label("Your note").fill("What this tab says")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator("#note-state .notice")).to_be_visible()


def empty_report(page: Page) -> None:
    page.locator("#opinion-block summary").click()
    page.get_by_role("button", name="Send report").click()
    expect(page.locator(".report .error-text")).to_be_visible()
