"""The disk is full: whoever needs room is told, nothing is half there, and the rest of the site goes on."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import outbox
from accounts.models import OutboxMessage
from dracarys import mailbox
from dracarys.servers.home import server_account
from learning.models import Lesson
from tests.faults.disks import TOO_BIG, filled, names, small_files, tiny_disk
from tests.faults.learner import Learner
from tests.faults.site import Site
from tests.figures import note
from tests.servers.conftest import new_folder
from tests.servers.runs import running
from tests.site.addresses import addresses

FORMS = [one for one in addresses() if not one.name.startswith("admin:")]


@dataclass(frozen=True, slots=True)
class Disk:
    """A folder in which there is no room, until somebody makes some."""

    folder: Path
    trouble: ExitStack

    def make_room(self) -> None:
        self.trouble.close()


@pytest.fixture(params=["a full disk", "small files only"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    with ExitStack() as stack, ExitStack() as trouble:
        if request.param == "a full disk":
            folder = stack.enter_context(tiny_disk("4m"))
            (folder / "almost-all").write_bytes(bytes(4 * 2**20 - TOO_BIG // 2))
            trouble.callback((folder / "almost-all").unlink)
        else:
            folder = tmp_path
            trouble.enter_context(small_files())
        yield Disk(folder, trouble)


@pytest.fixture
def uploading(client: Client, settings: Settings) -> Client:
    """A browser at a site with an upload."""
    settings.ROOT_URLCONF = "tests.faults.uploads"
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * TOO_BIG
    client.raise_request_exception = False
    return client


def send(client: Client) -> Any:
    return client.post("/keep/", {"picture": SimpleUploadedFile("picture.png", bytes(TOO_BIG))})


@pytest.mark.django_db
@pytest.mark.parametrize("which", ["FILE_UPLOAD_TEMP_DIR", "MEDIA_ROOT"])
def test_an_upload_for_which_there_is_no_room(
    uploading: Client, settings: Settings, tmp_path: Path, disk: Disk, which: str
) -> None:
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0 if which == "FILE_UPLOAD_TEMP_DIR" else TOO_BIG
    settings.MEDIA_ROOT = settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    setattr(settings, which, str(disk.folder))
    (Path(settings.MEDIA_ROOT) / "picture.png").write_bytes(b"the old one")
    before = names(disk.folder)
    answer = send(uploading)
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["Retry-After"]) == (507, "300")
    assert "There is no room for that right now" in page
    assert "what you had before is still there" in page
    assert names(disk.folder) == before
    assert uploading.get("/terms/").status_code == 200
    disk.make_room()
    kept = send(uploading)
    assert kept.status_code == 200
    name = kept.content.decode()
    assert name != "picture.png"
    assert (Path(settings.MEDIA_ROOT) / name).stat().st_size == TOO_BIG
    assert (Path(settings.MEDIA_ROOT) / "picture.png").read_bytes() == b"the old one"
    assert not [left for left in names(disk.folder) if left.endswith((".partial", ".upload.png"))]
    note("faults: uploads for which there was no room", 1)
    note("faults: files left half written", 0, limit="0")


@pytest.mark.django_db
@pytest.mark.parametrize("size", [100_000, 3_000_000])
def test_a_file_that_nobody_asked_for_is_kept_nowhere(
    as_ash: Client, gate: Lesson, settings: Settings, tmp_path: Path, size: int
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nobody-may-write-here")
    for form in FORMS:
        file = SimpleUploadedFile("picture.png", bytes(size))
        assert as_ash.post(form.path, {"picture": file}).status_code < 500, form.name


@pytest.mark.django_db
def test_mail_waits_while_the_mailbox_is_full(settings: Settings) -> None:
    with tiny_disk() as folder:
        settings.EMAIL_BACKEND = "dracarys.mailbox.FolderBackend"
        settings.EMAIL_FILE_PATH = str(folder)
        address = f"{uuid.uuid4().hex}@example.org"
        outbox.queue_mail(EmailMessage("Subject", "Text", "us@example.org", [address]), kind="test")
        now = timezone.now() + outbox.RETRY_AFTER[0]
        with filled(folder):
            assert outbox.send_due(now=now) == 0
            assert names(folder) == ["filler"]
        row = OutboxMessage.objects.get()
        assert "No space left" in row.last_error
        assert outbox.send_due(now=row.due_at) == 1
        assert [(mail.to, mail.subject) for mail in mailbox.inbox(folder)] == [(address, "Subject")]


def test_a_database_without_room_asks_to_come_back(site: Site) -> None:
    undisturbed = Learner(site, site.browser())
    undisturbed.submit()
    account = server_account(site.folder)
    with tiny_disk("8m", at=site.new_folder("tablespace", account)) as folder:
        here = f"CREATE TABLESPACE tiny LOCATION '{folder}/data'"
        site.new_folder("tablespace/data", account)
        with (
            site.command(here, "DROP TABLESPACE tiny"),
            site.command(
                "ALTER TABLE attempts SET TABLESPACE tiny", "ALTER TABLE attempts SET TABLESPACE pg_default"
            ),
        ):
            learners = [Learner(site, site.browser()) for _ in range(8)]
            with filled(folder):
                # The first ones may find room in pages that are there already.
                turned_away = [one for one in learners if one.submit().says_to_try_again]
                assert turned_away
            for learner in turned_away:
                assert learner.submit().status == 200
                assert learner.effects() == undisturbed.effects()


def test_make_run_says_that_the_disk_is_full() -> None:
    project = new_folder()
    (project / ".dracarys").mkdir(mode=0o711)
    with tiny_disk("4m", at=project / ".dracarys"), running(project) as run:
        assert run.says("The disk is full")
        assert run.ends() != 0
        assert "Traceback" not in run.text()
