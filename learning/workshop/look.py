"""How a preview is looked at, as its address says it: everything else of a preview follows from that."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, get_args
from urllib.parse import urlencode

from django.urls import reverse

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
Answered = Literal["right", "wrong"]
LARGEST = 999_999
Word = TypeVar("Word", bound=str)


class NoSuchVersion(LookupError):
    """The address names a version that cannot be."""


@dataclass(frozen=True, slots=True)
class Look:
    """A theme, a version (None for the draft) and the seed of the paper: which order, which numbers."""

    lesson_id: Any
    theme: Theme = "light"
    version: int | None = None
    seed: int = 1

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """What an address of this preview carries along, as (name, value)."""
        version = (("version", str(self.version)),) if self.version is not None else ()
        return (("theme", self.theme), *version)

    def with_seed(self, seed: int) -> "Look":
        return replace(self, seed=min(seed, LARGEST))

    def frame_url(self) -> str:
        """The page in the admin that frames this."""
        if self.version is None:
            return reverse("admin:learning_lesson_preview", args=[self.lesson_id])
        return reverse("admin:learning_lesson_version", args=[self.lesson_id, self.version])

    def block_url(self, number: int) -> str:
        return self._url("preview_block", number)

    def block_chart_url(self, number: int, which: int) -> str:
        return self._data_url("preview_block_chart", number, which)

    def assessment_url(self, **more: object) -> str:
        """The paper of this seed; with `answered` its result."""
        return self._url("preview_assessment", seed=self.seed, **more)

    def question_chart_url(self, number: int) -> str:
        return self._data_url("preview_question_chart", number)

    def _data_url(self, name: str, *parts: int) -> str:
        """Of figures that look the same in every theme."""
        address = reverse(f"admin:learning_lesson_{name}", args=[self.lesson_id, *parts])
        return address if self.version is None else f"{address}?version={self.version}"

    def _url(self, name: str, *parts: int, **more: object) -> str:
        address = reverse(f"admin:learning_lesson_{name}", args=[self.lesson_id, *parts])
        return f"{address}?{urlencode((*self.query, *more.items()))}"


def look_of(lesson_id: Any, query: Mapping[str, str]) -> Look:
    """What the query of an address asks for; nonsense counts as not asked. Raises NoSuchVersion."""
    version = query.get("version", "")
    if version and _number(version) is None:
        raise NoSuchVersion
    return Look(
        lesson_id=lesson_id,
        theme=chosen(query.get("theme"), THEMES),
        version=_number(version),
        seed=_number(query.get("seed", "")) or 1,
    )


def chosen(value: str | None, offered: tuple[Word, ...]) -> Word:
    """The one of these that is asked for, or the first."""
    return next((one for one in offered if one == value), offered[0])


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST)) else None
