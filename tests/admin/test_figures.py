"""Staff upload figures; learners see them from an address of ours; what gates show cannot be taken away."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from pytest_django import Settings

from learning import figures
from learning.models import Figure, Lesson
from tests.factories.learning import make_gate
from tests.factories.media import make_figure, noise, picture
from tests.faults.disks import names, small_files

pytestmark = pytest.mark.django_db
ADD = "/admin/learning/figure/add/"
LIST = "/admin/learning/figure/"
FACTS = {
    "code": "double-top",
    "title": "A double top",
    "alt": "Two peaks of one height.",
    "source": "Drawn for this course.",
    "ground_of_use": "Our own.",
}


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def file(data: bytes | None = None, name: str = "top.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture() if data is None else data, "text/html")


def words(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def shown_by(gate: Lesson, code: str) -> None:
    """As a block that shows a figure will have it."""
    blocks = [*gate.content_data["blocks"], {"id": "f", "type": "figure", "figure": code}]
    Lesson.objects.filter(pk=gate.pk).update(content_data={"blocks": blocks})


def test_a_figure_is_uploaded_and_learners_see_it(as_sol: Client, as_ash: Client, folder: Path) -> None:
    assert as_sol.post(ADD, {**FACTS, "file": file()}).status_code == 302
    kept = Figure.objects.get(pk="double-top")
    view = figures.view_of("double-top")
    assert (view.url, view.width, view.height, view.alt, view.source) == (
        f"/figures/{kept.digest}.webp", 64, 48, "Two peaks of one height.", "Drawn for this course."
    )  # fmt: skip
    assert names(folder / "figures") == [f"{kept.digest}.webp"]
    answer = as_ash.get(view.url)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.content) == kept.size
    assert Image.open(io.BytesIO(answer.content)).size == (64, 48)
    page = words(as_sol.get(f"{LIST}double-top/change/"))
    assert f'src="{view.url}" width="64" height="48" alt="Two peaks of one height."' in page
    assert "64 × 48 pixels, 1 KB of WebP" in page


def test_only_who_signed_in_sees_a_figure_and_one_that_is_not_there_is_404(
    client: Client, as_ash: Client
) -> None:
    url = make_figure(stored=True).get_absolute_url()
    assert client.get(url).status_code == 302
    for missing in ("0" * 64, "a" * 63, "A" * 64, "..", "%2e%2e%2fsecret", "a" * 300):
        assert as_ash.get(f"/figures/{missing}.webp").status_code == 404, missing
    assert as_ash.get(url.replace(".webp", ".png")).status_code == 404
    assert as_ash.post(url).status_code == 405


@pytest.mark.parametrize("missing", ["code", "title", "alt", "source", "ground_of_use", "file"])
def test_nothing_is_kept_without_words_source_and_ground(as_sol: Client, folder: Path, missing: str) -> None:
    sent = {**FACTS, "file": file()}
    del sent[missing]
    answer = as_sol.post(ADD, sent)
    assert "This field is required." in words(answer)
    assert not Figure.objects.exists()
    assert names(folder) == []


def test_a_file_that_is_no_picture_says_why_and_loses_no_typed_input(as_sol: Client, folder: Path) -> None:
    answer = as_sol.post(ADD, {**FACTS, "file": file(b"<svg onload=alert(1)>", "x.svg")})
    assert answer.status_code == 200
    assert "SVG files can carry scripts" in words(answer)
    for typed in FACTS.values():
        assert typed in words(answer)
    too_large = as_sol.post(ADD, {**FACTS, "file": file(bytes(5 * 2**20 + 1))})
    assert "The file is larger than 5 MB." in words(too_large)
    assert as_sol.post(ADD, {**FACTS, "file": file(bytes(7 * 2**20))}).status_code == 400
    assert names(folder) == []


def test_a_new_picture_leaves_the_old_one_to_the_lessons_that_show_it(as_sol: Client, folder: Path) -> None:
    before = make_figure("double-top", stored=True)
    page = words(as_sol.get(f"{LIST}double-top/change/"))
    assert "Published lessons keep the picture" in page
    sent = {**FACTS, "file": file(picture(size=(30, 30)))}
    assert as_sol.post(f"{LIST}double-top/change/", sent).status_code == 302
    after = Figure.objects.get()
    assert (after.width, after.title) == (30, "A double top")
    assert after.digest != before.digest
    assert as_sol.get(before.get_absolute_url()).status_code == 200
    assert as_sol.get(after.get_absolute_url()).status_code == 200


def test_words_change_without_a_file(as_sol: Client) -> None:
    before = make_figure("double-top", stored=True)
    assert as_sol.post(f"{LIST}double-top/change/", FACTS).status_code == 302
    after = Figure.objects.get()
    assert (after.alt, after.digest) == ("Two peaks of one height.", before.digest)


def test_the_same_picture_twice_is_one_file(as_sol: Client, folder: Path) -> None:
    for code in ("one", "two"):
        as_sol.post(ADD, {**FACTS, "code": code, "file": file()})
    assert Figure.objects.count() == 2
    assert len(names(folder / "figures")) == 1


def test_a_deleted_figure_takes_its_file_along_unless_another_shows_it(
    as_sol: Client, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    for code in ("one", "two"):
        make_figure(code, stored=True)
    for code, left in (("one", 1), ("two", 0)):
        with django_capture_on_commit_callbacks(execute=True):
            assert as_sol.post(f"{LIST}{code}/delete/", {"post": "yes"}).status_code == 302
        assert len(names(folder / "figures")) == left


def test_what_a_gate_shows_is_not_deleted_and_the_page_names_it(as_sol: Client, folder: Path) -> None:
    shown_by(make_gate(1, 1), make_figure(stored=True).pk)
    make_figure("unused", stored=True)
    page = words(as_sol.get(f"{LIST}a-figure/delete/"))
    assert "is shown by gate" in page
    assert "1.1 Gate 1.1" in page
    as_sol.post(f"{LIST}a-figure/delete/", {"post": "yes"})
    both = {"action": "delete_selected", "_selected_action": ["a-figure", "unused"], "post": "yes"}
    as_sol.post(LIST, both)
    assert Figure.objects.count() == 2


def test_a_full_disk_keeps_neither_row_nor_half_a_file(as_sol: Client, folder: Path) -> None:
    as_sol.raise_request_exception = False
    sent = {**FACTS, "file": file(noise(1200))}
    with small_files(limit=64 * 1024):
        answer = as_sol.post(ADD, sent)
    assert answer.status_code == 507
    assert "There is no room for that right now" in words(answer)
    assert not Figure.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert as_sol.post(ADD, {**FACTS, "file": file(noise(1200))}).status_code == 302
    assert default_storage.size(Figure.objects.get().file_name) > 64 * 1024


def test_a_learner_uploads_nothing(as_ash: Client, client: Client, folder: Path) -> None:
    for browser in (as_ash, client):
        assert browser.post(ADD, {**FACTS, "file": file()}).status_code == 302
    assert names(folder) == []
