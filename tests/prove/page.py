"""docs/proof.md: every part with what it claims, its figures, its date and the code it was run on."""

import os
import platform
from collections.abc import Iterator, Sequence

from tests.prove.parts import Part
from tests.prove.results import Figure, Result, load, source
from tests.prove.running import verdict
from tests.supply.tracked import ROOT

PAGE = ROOT / "docs" / "proof.md"
HEAD = """\
# Proof

What the harness found out about the site. This page is written by `make prove`, which runs the tests of
`make test` with the full figures: 200 rounds of 8 threads for every race, every cell of every matrix, every
look of every page, 100,000 hostile inputs. It takes about an hour, runs in the background, and goes on where
it was when it is cut short. `make prove ARGS=status` tells how far it is, `make prove ARGS="again races"`
repeats a part.
"""


def write(parts: Sequence[Part]) -> None:
    PAGE.write_text("\n".join(_lines(parts)) + "\n")


def _lines(parts: Sequence[Part]) -> Iterator[str]:
    now = source()
    yield HEAD
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    yield f"Run on {machine}. The code, without docs/: {now}.\n"
    yield "| part | outcome | date (UTC) | code |"
    yield "|---|---|---|---|"
    for part in parts:
        yield _row(part, load(part.name), now)
    for part in parts:
        if result := load(part.name):
            yield from _section(part, result)


def _row(part: Part, result: Result | None, now: str) -> str:
    if result is None:
        return f"| {part.title} | not run yet | | |"
    code = "this" if result.source == now else f"{result.source}, older"
    return f"| [{part.title}](#{_anchor(part.title)}) | {verdict(result)} | {result.date[:16]} | {code} |"


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _section(part: Part, result: Result) -> Iterator[str]:
    yield f"\n## {part.title}\n"
    yield f"{part.claim} Tests: {', '.join(f'`{one}`' for one in part.tests)}."
    if result.figures:
        yield "\n| figure | found | had to be |"
        yield "|---|---:|---|"
        yield from (_figure(one) for one in result.figures)


def _figure(figure: Figure) -> str:
    cells = (figure.name, str(figure), figure.limit)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
