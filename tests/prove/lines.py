"""How many of the product's lines the tests run, also in the programs that they start."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.figures import note
from tests.supply.tracked import ROOT

COVERAGE = (sys.executable, "-m", "coverage")
APPS = ("accounts", "billing", "community", "gamification", "learning", "sessions")
# What stands between a domain and those who ask it; all else in an app is the domain.
INTERFACES = ("urls", "views", "admin", "forms", "sign_in_forms", "tasks", "apps", "adapters", "middleware")
LINES, DOMAIN = "lines of the product run by the tests, %", "of these in the domains and their rules, %"


def kept_in(folder: Path) -> dict[str, str]:
    """What the environment of a measured run needs."""
    return {"COVERAGE_FILE": str(folder / "lines")}


def tell(folder: Path, environment: Mapping[str, str]) -> None:
    """Put together what all processes of the run have left, and note it."""
    for words in (("combine", "--quiet"), ("json", "--quiet", "-o", str(folder / "lines.json"))):
        subprocess.run([*COVERAGE, *words], cwd=ROOT, env=environment, check=True)
    files: dict[str, Any] = json.loads((folder / "lines.json").read_text())["files"]
    os.environ["FIGURES"] = environment["FIGURES"]
    note(LINES, percent(files), limit="≥ 95")
    note(DOMAIN, percent({name: found for name, found in files.items() if is_domain(name)}), limit="100")
    del os.environ["FIGURES"]


def percent(files: Mapping[str, Any]) -> float:
    statements: int = sum(found["summary"]["num_statements"] for found in files.values())
    missed: int = sum(found["summary"]["missing_lines"] for found in files.values())
    return round(100 * (1 - missed / statements), 2)


def is_domain(name: str) -> bool:
    """Whether a file such as `learning/rules.py` says what the product does, and not how it is asked."""
    parts = Path(name).with_suffix("").parts
    return parts[0] in APPS and parts[1] != "management" and parts[1] not in INTERFACES
