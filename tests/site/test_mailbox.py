"""The mail of the zero-setup run, read in the browser."""

import os
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db
MAIL = b"""\
Subject: Your code <b>now</b>
From: hello@dracarys.invalid
To: ash@example.org
Content-Type: text/plain; charset="utf-8"

Your code:

    ABC-123

http://localhost:8000/accounts/ <script>alert(1)</script>
"""
NAME = "20240105-101500-140.log"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """An inbox of its own, with one mail in it."""
    settings.MAILBOX_PATH = str(tmp_path / "mail")
    path = tmp_path / "mail"
    path.mkdir()
    (path / NAME).write_bytes(MAIL + b"-" * 79 + b"\n")
    (tmp_path / "secret.log").write_text("Subject: SECRET")
    return path


def test_the_inbox_lists_mail_newest_first(client: Client, folder: Path) -> None:
    later = folder / "20240106-101500-140.log"
    later.write_bytes(MAIL.replace(b"Your code", b"A later one"))
    os.utime(folder / NAME, (1, 1))
    page = client.get("/mail/").content.decode()
    assert page.index("A later one") < page.index("Your code")
    assert f'href="/mail/{NAME}/"' in page
    assert "ash@example.org" in page


def test_an_empty_inbox_says_so(client: Client, folder: Path) -> None:
    (folder / NAME).unlink()
    assert "No mail yet" in client.get("/mail/").content.decode()


def test_an_inbox_that_is_not_there_yet_is_empty(client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.MAILBOX_PATH = str(tmp_path / "not-yet")
    assert client.get("/mail/").status_code == 200


def test_a_mail_is_shown_escaped_and_its_links_can_be_followed(client: Client, folder: Path) -> None:
    page = client.get(f"/mail/{NAME}/").content.decode()
    assert "ABC-123" in page
    assert 'href="http://localhost:8000/accounts/"' in page
    assert "<script>alert" not in page
    assert "<b>now" not in page
    assert "-----" not in page


@pytest.mark.parametrize(
    "name",
    [
        "nope.log",
        "..%2fsecret.log",
        "%2e%2e%2fsecret.log",
        "..%5csecret.log",
        "%2fetc%2fpasswd",
        "..",
        "secret",
        f"{NAME}%0a",
        "a" * 300 + ".log",
        "a" * 5000 + ".log",
        "%ff.log",
    ],
)
def test_no_name_leads_out_of_the_folder_or_to_a_fault(client: Client, folder: Path, name: str) -> None:
    response = client.get(f"/mail/{name}/")
    assert response.status_code == 404
    assert "SECRET" not in response.content.decode()


@pytest.mark.parametrize("name", ["%00.log", "a%00.log"])
def test_a_name_that_is_no_text_is_refused(client: Client, folder: Path, name: str) -> None:
    response = client.get(f"/mail/{name}/")
    assert response.status_code == 400
    assert "SECRET" not in response.content.decode()


def test_a_broken_file_is_no_fault(client: Client, folder: Path) -> None:
    (folder / "broken.log").write_bytes(b"\xff\xfe\0 not a mail")
    assert client.get("/mail/").status_code == 200
    assert client.get("/mail/broken.log/").status_code == 200
