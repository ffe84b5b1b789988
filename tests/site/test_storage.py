"""Uploaded files lie in a folder, or in a bucket by one variable; a page cannot tell which."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from dracarys.legible import UPLOAD, UPLOADS
from dracarys.storage import StorageAwayError, storages
from learning import pictures, price_csv
from learning.models import Figure
from tests.factories.media import make_figure, noise, picture
from tests.servers.runs import free_port
from tests.site.addresses import routes

FACTS = {"code": "top", "title": "Top", "alt": "A top.", "source": "Us.", "ground_of_use": "Our own."}
ADD = "/admin/learning/figure/add/"


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """A server that speaks S3, with one bucket; its STORAGE_URL."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "sec/ret", "region_name": "eu-central-1"}
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys)
    name = f"files-{uuid.uuid4().hex}"
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    yield f"s3+http://key:sec%2Fret@{host}:{port}/{name}/of/ours?region=eu-central-1"
    client.close()
    server.stop()


@pytest.fixture(params=["a folder", "a bucket"])
def place(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Storage:
    if request.param == "a bucket":
        settings.STORAGES = storages(request.getfixturevalue("store"), hashed=False)
    else:
        settings.MEDIA_ROOT = str(tmp_path)
    return default_storage


def test_both_keep_find_and_forget_files_alike(place: Storage) -> None:
    name = place.save("a/b.webp", ContentFile(b"first"))
    other = place.save("a/b.webp", ContentFile(b"second"))
    assert name == "a/b.webp" != other
    for one, data in ((name, b"first"), (other, b"second")):
        with place.open(one) as file:
            assert file.read() == data
    assert place.exists(name)
    assert (place.listdir("")[0], sorted(place.listdir("a")[1])) == (["a"], sorted(["b.webp", other[2:]]))
    for one in (name, other):
        place.delete(one)
    assert not place.exists(name)
    place.delete(name)
    with pytest.raises(FileNotFoundError):
        place.open(name)


@pytest.mark.django_db
def test_a_figure_is_uploaded_and_served_alike(place: Storage, as_sol: Client, as_ash: Client) -> None:
    large = SimpleUploadedFile("top.png", noise(900))
    assert as_sol.post(ADD, {**FACTS, "file": large}).status_code == 302
    figure = Figure.objects.get()
    assert place.exists(figure.file_name)
    answer = as_ash.get(figure.get_absolute_url())
    assert (answer.status_code, len(answer.content)) == (200, figure.size)
    assert answer.headers["Content-Type"] == "image/webp"
    missing = as_ash.get(figure.get_absolute_url().replace(figure.digest, "0" * 64))
    assert missing.status_code == 404
    place.delete(figure.file_name)


@pytest.mark.django_db
def test_a_bucket_that_is_away_asks_to_come_back(as_sol: Client, settings: Settings) -> None:
    settings.STORAGES = storages(f"s3+http://key:secret@127.0.0.1:{free_port()}/files", hashed=False)
    as_sol.raise_request_exception = False
    sent = {**FACTS, "file": SimpleUploadedFile("top.png", picture())}
    for answer in (as_sol.post(ADD, sent), as_sol.get(f"/figures/{'0' * 64}.webp")):
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert not Figure.objects.exists()


@pytest.mark.django_db
def test_a_bucket_that_refuses_does_too(store: str, as_sol: Client, settings: Settings) -> None:
    settings.STORAGES = storages(store.replace("/files-", "/nothing-"), hashed=False)
    with pytest.raises(StorageAwayError, match="NoSuchBucket"):
        default_storage.save("a.webp", ContentFile(b"a"))


@pytest.mark.parametrize(
    ("url", "options"),
    [
        (
            "s3://k:s@host/b",
            {"endpoint_url": "https://host", "bucket_name": "b", "access_key": "k", "secret_key": "s"},
        ),
        ("s3://host/b/of/ours/", {"endpoint_url": "https://host", "bucket_name": "b", "location": "of/ours"}),
        ("s3+http://[::1]:9000/b?region=r", {"endpoint_url": "http://[::1]:9000", "region_name": "r"}),
    ],
)
def test_one_address_says_everything(url: str, options: dict[str, Any]) -> None:
    chosen = storages(url, hashed=False)["default"]
    assert chosen["BACKEND"] == "dracarys.bucket.Bucket"
    assert chosen["OPTIONS"].items() >= options.items()


@pytest.mark.parametrize(
    "url",
    ["nonsense", "s3://", "s3://host", "s3://host/", "ftp://k:SECRET@host/b", "s3://k:SECRET@host/b?colour=red",
     "s3://k:SECRET@host:x/b", "s3://k:SECRET@host/b?region"],
)  # fmt: skip
def test_an_address_that_says_nothing_is_refused_without_telling_the_secret(url: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        storages(url, hashed=False)
    assert "SECRET" not in str(caught.value)
    assert "s3://key:secret@host/bucket" in str(caught.value)


def test_without_an_address_it_is_a_folder() -> None:
    assert storages("", hashed=True)["default"] == {"BACKEND": "dracarys.storage.WholeFiles"}


def test_the_pages_that_take_large_files_are_these_five_and_exist() -> None:
    assert {
        "admin:learning_course_upload",
        "admin:learning_dataset_add",
        "admin:learning_dataset_change",
        "admin:learning_figure_add",
        "admin:learning_figure_change",
    } == UPLOADS
    assert {str(route) for route in routes()} >= UPLOADS
    assert pictures.MOST_BYTES == price_csv.MOST_BYTES == UPLOAD


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_every_other_address_takes_no_more_than_before(as_sol: Client, kind: str) -> None:
    body = b"x" * (1024 * 1024 + 1)
    for route in routes():
        if str(route) in UPLOADS and kind.startswith("multipart"):
            continue
        path = "/" + re.sub("<[^>]*>", "1", route.text)
        assert as_sol.generic("POST", path, body, kind).status_code == 400, path


@pytest.mark.django_db
def test_a_figure_whose_file_is_gone_is_404(as_ash: Client, place: Storage) -> None:
    figure = make_figure(stored=True)
    place.delete(figure.file_name)
    assert as_ash.get(figure.get_absolute_url()).status_code == 404
