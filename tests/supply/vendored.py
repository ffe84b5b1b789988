"""What lies under static/vendor/ is what its manifest says: `python -m tests.supply.vendored`."""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from typing import Any

from tests.supply.tracked import ROOT

VENDOR = ROOT / "static" / "vendor"
# What may lie beside a vendored file.
PAPERS = ("LICENSE", "NOTICE", "manifest.json")


def manifest() -> list[dict[str, Any]]:
    """An entry a file: name, npm package, version, file, licence, sha384 (base64)."""
    entries: list[dict[str, Any]] = json.loads((VENDOR / "manifest.json").read_text())
    return entries


def sha384(file: str) -> bytes:
    return hashlib.sha384((VENDOR / file).read_bytes()).digest()


def differences() -> Iterator[str]:
    entries = manifest()
    for entry in entries:
        file = VENDOR / entry["file"]
        if base64.b64encode(sha384(entry["file"])).decode() != entry["sha384"]:
            yield f"{entry['file']} is not the file of {entry['name']} {entry['version']}: its hash differs"
        if (
            f"{entry['name']}-{entry['version']}" != file.parent.name
            or not (file.parent / "LICENSE").is_file()
        ):
            yield f"{entry['file']} wants a folder named for its version, with its LICENSE"
    known = {entry["file"] for entry in entries}
    for path in sorted(VENDOR.rglob("*")):
        if path.is_file() and path.name not in PAPERS and str(path.relative_to(VENDOR)) not in known:
            yield f"{path.relative_to(VENDOR)} is not in the manifest"


def main() -> int:
    found = list(differences())
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
