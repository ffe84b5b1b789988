"""What is wrong with a course folder: all of it, a sentence for each thing."""

from collections.abc import Iterator, Sequence

from django.db import DatabaseError
from pydantic import ValidationError

from learning.content import ContentErrors
from learning.figures import NoSuchFigure

TOLD = 40
KNOWN = (ValueError, OSError, DatabaseError, NoSuchFigure)  # everything else is a mistake of ours
LONGEST = 600  # characters of one sentence: what somebody typed may be a whole book


class CourseError(ValueError):
    """The course cannot be loaded or written; `sentences` name file, place and reason."""

    def __init__(self, sentences: Sequence[str]) -> None:
        told = [_cut(sentence) for sentence in sentences[:TOLD]]
        if len(sentences) > TOLD:
            told.append(f"… and {len(sentences) - TOLD} more.")
        super().__init__("\n".join(told))
        self.sentences = tuple(told)


class Problems:
    """Collects sentences, so that an author sees every mistake at once."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def add(self, place: object, reason: object) -> None:
        self.sentences.append(f"{place}: {reason}")

    def at(self, place: object) -> "_At":
        """What goes wrong inside a `with` of this is noted with its place; the block ends there."""
        return _At(self, place)

    def check(self) -> None:
        """Raises CourseError when there is anything."""
        if self.sentences:
            raise CourseError(self.sentences)


class _At:
    def __init__(self, problems: Problems, place: object) -> None:
        self._problems, self._place = problems, place

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if not isinstance(error, KNOWN):
            return False
        for reason in _reasons(error):
            self._problems.add(self._place, reason)
        return True


def _reasons(error: BaseException) -> Iterator[object]:
    if isinstance(error, ValidationError):
        # Without the values, which may be as long as the file.
        for detail in error.errors(include_url=False, include_input=False):
            where = ", ".join(map(str, detail["loc"]))
            reason = str(detail["msg"]).removeprefix("Value error, ")
            yield f"{where}: {reason}" if where else reason
    elif isinstance(error, CourseError | ContentErrors):
        yield from error.sentences
    elif isinstance(error, NoSuchFigure):
        yield f"the storage has no picture {error}"
    elif isinstance(error, UnicodeDecodeError):
        yield f"it is not in UTF-8 (byte {error.start + 1})"
    elif isinstance(error, OSError):
        yield error.strerror or error
    else:
        yield str(error).strip()


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else f"{sentence[:LONGEST]} …"
