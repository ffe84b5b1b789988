"""Staff download the course as a zip, upload one, see what would change, and take it over."""

import html
import io
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from learning.course_folder import zipped
from learning.models import Lesson, LessonVersion
from tests.conftest import signed_in
from tests.factories.accounts import StaffFactory
from tests.factories.learning import make_gate

pytestmark = pytest.mark.django_db
DOWNLOAD, UPLOAD = "/admin/learning/lesson/course/download/", "/admin/learning/lesson/course/upload/"
GATE = "level-1/gate-1.yaml"


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path)


def downloaded(client: Client) -> dict[str, bytes]:
    response = client.get(DOWNLOAD)
    assert response.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def send(client: Client, data: bytes) -> Any:
    return client.post(UPLOAD, {"zip": SimpleUploadedFile("course.zip", data)})


def text(response: Any) -> str:
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def renamed(client: Client) -> dict[str, bytes]:
    files = downloaded(client)
    return files | {GATE: files[GATE].replace(b"title: Gate 1.1", b"title: Renamed by zip")}


def test_what_was_downloaded_changes_nothing_when_it_comes_back(as_sol: Client, gate: Lesson) -> None:
    files = downloaded(as_sol)
    assert set(files) == {"course.yaml", "topics.yaml", GATE, "market-data/test-daily.csv"}
    data = as_sol.get(DOWNLOAD).content
    assert data == as_sol.get(DOWNLOAD).content
    page = text(send(as_sol, data))
    assert "4 unchanged." in page
    assert "added" not in page


def test_an_upload_is_shown_first_and_taken_over_when_staff_say_so(as_sol: Client, gate: Lesson) -> None:
    response = send(as_sol, packed(renamed(as_sol)))
    page = text(response)
    assert (
        "gate 1.1 (Renamed by zip): changed</summary><pre>title: 'Gate 1.1' → 'Renamed by zip'</pre>" in page
    )
    gate.refresh_from_db()
    assert gate.title == "Gate 1.1"
    fingerprint = response.context["proposal"].fingerprint
    after = as_sol.post(UPLOAD, {"fingerprint": fingerprint}, follow=True)
    assert "The course is taken over; 0 gates are newly published." in text(after)
    gate.refresh_from_db()
    assert gate.title == "Renamed by zip"


def test_a_new_version_is_by_who_took_it_over(as_sol: Client, sol: User, gate: Lesson) -> None:
    files = downloaded(as_sol)
    files[GATE] = files[GATE].replace(b"Text of part **1**.", b"Another text.")
    fingerprint = send(as_sol, packed(files)).context["proposal"].fingerprint
    as_sol.post(UPLOAD, {"fingerprint": fingerprint})
    newest = LessonVersion.objects.latest("number")
    assert (newest.number, newest.published_by_id) == (2, sol.pk)


def test_a_course_in_one_folder_of_a_zip_is_found_and_other_files_are_passed_over(
    as_sol: Client, gate: Lesson
) -> None:
    files = {f"course/{name}": data for name, data in renamed(as_sol).items()}
    page = text(send(as_sol, packed({"__MACOSX/._x": b"x", "course/README.md": b"Ours", **files})))
    assert "gate 1.1 (Renamed by zip): changed" in page


def test_who_looked_at_something_else_looks_again(as_sol: Client, gate: Lesson) -> None:
    fingerprint = send(as_sol, packed(renamed(as_sol))).context["proposal"].fingerprint
    Lesson.objects.update(title="Renamed by hand")
    page = text(as_sol.post(UPLOAD, {"fingerprint": fingerprint}))
    assert "The course has changed since you looked." in page
    assert "'Renamed by hand' → 'Renamed by zip'" in page
    assert Lesson.objects.get().title == "Renamed by hand"


def test_nobody_takes_over_what_another_uploaded(as_sol: Client, gate: Lesson) -> None:
    fingerprint = send(as_sol, packed(renamed(as_sol))).context["proposal"].fingerprint
    other = signed_in(StaffFactory.create())
    assert "There is no upload of yours." in text(other.post(UPLOAD, {"fingerprint": fingerprint}))
    assert Lesson.objects.get().title == "Gate 1.1"


def test_mistakes_are_told_by_file(as_sol: Client, gate: Lesson) -> None:
    files = renamed(as_sol)
    files[GATE] = files[GATE].replace(b"type: prose", b"type: essay")
    page = text(send(as_sol, packed(files)))
    assert f"{GATE}: Block 1 (essay): has the unknown type 'essay'" in page
    assert tempfile.gettempdir() not in page


def link() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("course.yaml", b"levels: []")
        info = zipfile.ZipInfo("level-1/gate-1.yaml")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/hostname")
    return made.getvalue()


COURSE = {"course.yaml": b"levels: []\n"}
HOSTILE = {
    "no zip": (b"PK\x03\x04 nothing", "The zip cannot be read"),
    "cut off": (packed(COURSE)[:-30], "The zip cannot be read"),
    "empty": (packed({}), "There is no course.yaml"),
    "too deep": (packed({"a/b/course.yaml": b""}), "There is no course.yaml"),
    "upwards": (packed({**COURSE, "../evil.yaml": b"x"}), "../evil.yaml: it leads out"),
    "from the root": (packed({**COURSE, "/etc/evil": b"x"}), "/etc/evil: it leads out"),
    "upwards on Windows": (packed({**COURSE, "a:..\\evil": b"x"}), "it leads out"),
    "a link": (link(), "it is a link"),
    "a bomb": (packed({**COURSE, "a.csv": bytes(61_000_000)}), "unfolds into more than 60 MB"),
    "many files": (packed({**COURSE, **{f"x{n}": b"" for n in range(6_001)}}), "more than 6,000 files"),
    "a broken file": (packed({"course.yaml": b"\xff\xfe"}), "course.yaml: it is not in UTF-8"),
    "a false sum": (
        packed(COURSE, zipfile.ZIP_STORED).replace(b"levels: []\n", b"levels: {}\n"),
        "zip cannot be read",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_zip_gets_a_sentence(as_sol: Client, gate: Lesson, what: str) -> None:
    data, sentence = HOSTILE[what]
    assert sentence in text(send(as_sol, data))
    assert Lesson.objects.get().title == "Gate 1.1"


def test_a_form_without_a_zip_and_a_strange_fingerprint_get_one_too(as_sol: Client, gate: Lesson) -> None:
    assert "This field is required." in text(as_sol.post(UPLOAD))
    assert "There is no upload of yours." in text(as_sol.post(UPLOAD, {"fingerprint": "../x"}))


def test_too_many_new_gates_are_for_the_command(
    as_sol: Client, gate: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped, "MOST_GATES", 0)
    assert "Use load_course." in text(send(as_sol, packed(renamed(as_sol))))


def test_the_list_of_gates_leads_there(as_sol: Client) -> None:
    make_gate()
    page = text(as_sol.get("/admin/learning/lesson/"))
    assert DOWNLOAD in page
    assert UPLOAD in page
    assert 'enctype="multipart/form-data"' in text(as_sol.get(UPLOAD))


def test_learners_do_not_see_the_course_with_its_answers(as_ash: Client, gate: Lesson) -> None:
    for address in (DOWNLOAD, UPLOAD):
        assert as_ash.get(address).status_code == 302
