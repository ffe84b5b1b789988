"""Figures of lessons: keeping a picture in the storage, and what a block needs to show it."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse

from learning.models import Figure
from learning.pictures import Picture

DIGEST = re.compile("[0-9a-f]{64}")


class NoSuchFigure(LookupError):
    """There is no figure of that code, or no file of that digest."""


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure as a template shows it; width and height in pixels."""

    url: str
    width: int
    height: int
    alt: str
    source: str


def view_of(code: str) -> FigureView:
    """What a block needs to show the figure of that code. Acts as the service. Raises NoSuchFigure.

    The address names the file by its digest: what is rendered with it shows that picture for good, also when
    the figure gets another one.
    """
    figure = Figure.objects.filter(pk=code).first()
    if figure is None:
        raise NoSuchFigure(f"there is no figure {code!r}")
    return FigureView(
        url=reverse("learning:figure", args=[figure.digest]),
        width=figure.width,
        height=figure.height,
        alt=figure.alt,
        source=figure.source,
    )


def keep(figure: Figure, picture: Picture | None = None) -> None:
    """Save a figure, and with `picture` make it what the figure shows. Acts as the service. Raises OSError.

    The file is there before the row that names it. That of an earlier picture stays: versions refer to it.
    """
    if picture:
        figure.digest, figure.size = picture.digest, len(picture.data)
        figure.width, figure.height = picture.width, picture.height
        _store(figure.file_name, picture.data)
    figure.save()


def forget_unused(digests: Collection[str]) -> None:
    """Take away files that were stored for figures which then were not saved. Acts as the service."""
    used = set(Figure.objects.filter(digest__in=digests).values_list("digest", flat=True))
    for digest in digests:
        if digest not in used:
            default_storage.delete(f"figures/{digest}.webp")


def is_stored(digest: str) -> bool:
    """Whether the file of that digest is in the storage."""
    return default_storage.exists(f"figures/{digest}.webp")


def _store(name: str, data: bytes) -> None:
    """The name says what is in the file, so one that is there is the same."""
    if default_storage.exists(name):
        return
    stored = default_storage.save(name, ContentFile(data))
    if stored != name:
        default_storage.delete(stored)  # somebody else stored the same one in the meantime


def delete(figure: Figure) -> None:
    """Take a figure away, and its file unless another figure shows the same. Acts as the service."""
    name, digest = figure.file_name, figure.digest
    figure.delete()

    def forget() -> None:
        if not Figure.objects.filter(digest=digest).exists():
            default_storage.delete(name)

    # Only when the row is gone for good: a row never names a file that is not there.
    transaction.on_commit(forget)


def file_of(digest: str) -> bytes:
    """The WebP of that digest, from wherever it is stored. Raises NoSuchFigure, OSError."""
    if not DIGEST.fullmatch(digest):
        raise NoSuchFigure(digest)
    try:
        with default_storage.open(f"figures/{digest}.webp") as file:
            data: bytes = file.read()
            return data
    except FileNotFoundError as error:
        raise NoSuchFigure(digest) from error
