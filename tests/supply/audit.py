"""Asks whether a known weakness is in what we stand on: `python -m tests.supply.audit`.

pip-audit asks the package index and then the OSV database. Where neither answers, or nothing is known of a
package, that is a failure; with `--if-reachable`, as in `make lint`, it is only said.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.supply.packages import installed

LENIENT = "--if-reachable" in sys.argv
FILES = ("requirements.txt", "requirements-dev.txt")


def ask(service: str) -> list[dict[str, Any]] | None:
    """What the service says of each package; None when it does not answer."""
    wanted = "".join(f"{name}=={package.version}\n" for name, package in installed(*FILES).items())
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text(wanted)
        options = ["--no-deps", "--disable-pip", "--format=json", "--progress-spinner=off", "--timeout=10"]
        command = [sys.executable, "-m", "pip_audit", f"--vulnerability-service={service}", *options]
        asked = subprocess.run(
            [*command, "--requirement", listed], capture_output=True, text=True, check=False
        )
    try:
        answers: list[dict[str, Any]] = json.loads(asked.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    # An index that knows nothing of any package is a mirror without advisories.
    return answers if any("vulns" in answer for answer in answers) else None


def report(answers: list[dict[str, Any]]) -> int:
    weak = [(one["name"], one["version"], found) for one in answers for found in one.get("vulns", ())]
    unknown = [one["name"] for one in answers if "vulns" not in one]
    for name, version, found in weak:
        remedy = ", ".join(found["fix_versions"]) or "no version yet"
        print(f"{name} {version}: {found['id']}, fixed in {remedy}")
    if unknown:
        print(f"Nothing is known of {', '.join(unknown)}.")
    print(f"{len(answers)} packages asked about, {len(weak)} known weaknesses.")
    return 1 if weak or (unknown and not LENIENT) else 0


def main() -> int:
    answers = ask("pypi") or ask("osv")
    if answers is not None:
        return report(answers)
    print("No database of known weaknesses can be reached from here: nothing was audited.")
    return 0 if LENIENT else 1


if __name__ == "__main__":
    sys.exit(main())
