"""The bill of materials: what the running site is made of, as CycloneDX in docs/sbom.json.

`python -m tests.supply.bill` writes it, `--check` fails when it is out of date. It has no date and no serial
number, so that it changes only when a part does. It is the bill of Linux and Python 3.11: elsewhere packages
differ a little, so it is neither written nor checked there.
"""

import json
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution
from typing import Any

from tests.supply.packages import installed
from tests.supply.tracked import ROOT
from tests.supply.vendored import manifest, sha384

BILL = ROOT / "docs" / "sbom.json"


def python_parts() -> Iterator[dict[str, Any]]:
    for name, package in installed("requirements.txt").items():
        yield {
            "type": "library",
            "name": name,
            "version": package.version,
            "licenses": [{"license": {"name": licence_of(package)}}],
            "purl": f"pkg:pypi/{name}@{package.version}",
        }


def licence_of(package: Distribution) -> str:
    """Its licence expression, else the first line of what older metadata says, else its classifier."""
    said = package.metadata.json
    classifiers = [one for one in said.get("classifier", ()) if one.startswith("License :: OSI Approved :: ")]
    free_text = str(said.get("license", "")).partition("\n")[0]
    return str(said.get("license_expression") or free_text or classifiers[0].rpartition(" :: ")[2])


def browser_parts() -> Iterator[dict[str, Any]]:
    for part in manifest():
        yield {
            "type": "library",
            "name": part["name"],
            "version": part["version"],
            "hashes": [{"alg": "SHA-384", "content": sha384(part["file"]).hex()}],
            "licenses": [{"license": {"name": part["licence"]}}],
            "purl": f"pkg:npm/{part['package']}@{part['version']}",
        }


def bill() -> str:
    parts = sorted((*python_parts(), *browser_parts()), key=lambda part: str(part["purl"]))
    site = {"type": "application", "name": "dracarys"}
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": site}}
    return json.dumps({**whole, "components": parts}, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    if (sys.platform, sys.version_info[:2]) != ("linux", (3, 11)):
        print("The bill of materials is that of Linux and Python 3.11: left as it is here.")
        return 0
    if "--check" not in sys.argv:
        BILL.write_text(bill())
    elif BILL.read_text() != bill():
        print("docs/sbom.json is out of date: make sbom")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
