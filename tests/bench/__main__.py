"""`python -m tests.bench`: measure, print each figure beside its limit, write docs/performance.md's tables.

Sections can be run one by one (`--only pages,boards`); the page shows the newest result of each. The exit
code is 1 when a figure misses its limit.
"""

import argparse
import importlib
import shutil
import sys
from pathlib import Path

from dracarys.servers import TroubleError, commands
from tests.bench import figures, house
from tests.bench.figures import FOLDER, Section
from tests.bench.house import House
from tests.bench.machine import Watch

SECTIONS = ("pages", "acts", "ledger", "boards", "stack", "course", "weight", "compared")
# Bytes and requests are the same on a busy machine, and a browser's dead processes count as others'.
UNTIMED = {"weight"}
FULL = 1_000_000


def parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--learners", type=int, default=FULL, help=f"size of the database ({FULL:,})")
    parser.add_argument("--only", default="", metavar="SECTIONS", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--remove", action="store_true", help="remove the databases and all results")
    parser.add_argument("--page", action="store_true", help="only write the page from what is kept")
    options = parser.parse_args(arguments)
    options.sections = [name.strip() for name in options.only.split(",") if name.strip()] or list(SECTIONS)
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    return options


def run(names: list[str], learners: int) -> list[Section]:
    """Measure these sections one after the other; each is kept as soon as it is done."""
    done = []
    with house.opened(learners) as opened:
        house.ready(opened)
        for name in names:
            section = measured(name, opened)
            print(figures.as_text(section), flush=True)
            figures.keep(section)
            done.append(section)
    return done


def measured(name: str, opened: House) -> Section:
    """One section, and how quiet the machine was."""
    module = importlib.import_module(f"tests.bench.{name}")
    at = figures.now()
    with Watch() as watch:
        found = tuple(module.measure(opened))
    return Section(
        name=name,
        title=module.TITLE,
        at=at,
        learners=opened.learners,
        minutes=watch.seconds / 60,
        load=watch.load,
        others=watch.others,
        trusted=watch.quiet or name in UNTIMED,
        figures=found,
    )


def main() -> int:
    """The command."""
    options = parsed(sys.argv[1:])
    if options.remove:
        commands.reset(FOLDER / "servers")
        shutil.rmtree(FOLDER, ignore_errors=True)
        return 0
    if not Path("/proc/stat").exists():
        print("The bench reads /proc: it needs Linux.", file=sys.stderr)
        return 2
    done = [] if options.page else run(options.sections, options.learners)
    figures.write_page(figures.kept(SECTIONS))
    missed = sum(section.missed for section in done)
    print(f"\n{missed} figures miss their limit." if missed else "\nEvery figure keeps its limit.")
    return 1 if missed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except TroubleError as trouble:
        sys.exit(str(trouble))
