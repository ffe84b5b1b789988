"""Every package at the version that was tested: `python -m tests.supply.pins` writes constraints.txt.

requirements.txt and requirements-dev.txt name what we use ourselves; what those packages need is pinned here.
"""

import sys
from pathlib import Path

from tests.supply.packages import installed
from tests.supply.tracked import ROOT

PINS = ROOT / "constraints.txt"
HEAD = """\
# Every package that requirements.txt and requirements-dev.txt lead to, at the version that was tested.
# After a change of theirs, and to bring all up to date: make pins
"""


def lines() -> list[str]:
    packages = installed("requirements.txt", "requirements-dev.txt")
    return [f"{name}=={package.version}" for name, package in packages.items()]


def unpinned(pins: Path = PINS) -> list[str]:
    """What is installed and not pinned as it is."""
    return sorted(set(lines()) - set(pins.read_text().splitlines()))


def main() -> int:
    if "--check" not in sys.argv:
        PINS.write_text(HEAD + "\n".join(lines()) + "\n")
    elif found := unpinned():
        print(f"Not pinned in constraints.txt: {', '.join(found)}. `make pins` does it.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
