"""Looks for passwords, keys and tokens in everything that is committed: `python -m tests.supply.passwords`.

What is found and is none stands in not-secret.txt, a line each. In tests every `password=` is invented: there
only keys and tokens of known kinds count.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.plugins.keyword import KeywordDetector
from detect_secrets.settings import default_settings

from tests.supply.tracked import ROOT, tracked_files

NOT_SECRET = Path(__file__).with_name("not-secret.txt")
# Hashes of published files and of packages, not of secrets.
FULL_OF_HASHES = ("docs/sbom.json", "static/vendor/")


def not_secret() -> set[str]:
    return set(NOT_SECRET.read_text().splitlines())


def findings(paths: list[Path]) -> Iterator[str]:
    """`file:line: kind` of everything that looks like a secret and is not known to be none."""
    known, found = not_secret(), SecretsCollection()
    with default_settings():
        for path in paths:
            found.scan_file(str(path))
    for name, secret in found:
        place = Path(name).relative_to(ROOT)
        invented = place.parts[0] == "tests" and secret.type == KeywordDetector.secret_type
        if secret.secret_value not in known and not invented:
            yield f"{place}:{secret.line_number}: {secret.type}"


def main() -> int:
    paths = [path for path in tracked_files() if not str(path.relative_to(ROOT)).startswith(FULL_OF_HASHES)]
    found = sorted(set(findings(paths)))
    for one in found:
        print(one)
    if found:
        print("One that is no secret belongs into tests/supply/not-secret.txt; one that is must be revoked.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
