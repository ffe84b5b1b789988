"""Which packages the site and its checks stand on: all that requirements lead to, as installed."""

import re
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.supply.tracked import ROOT


def required(file: Path) -> Iterator[Requirement]:
    """What a requirements file asks for, with the files it names."""
    for line in file.read_text().splitlines():
        if line.startswith("-r "):
            yield from required(file.parent / line[3:].strip())
        elif re.match(r"\w", line):
            yield Requirement(line)


def installed(*files: str) -> dict[str, Distribution]:
    """Every distribution those files lead to, by canonical name; what is not for this system is left out."""
    found: dict[str, Distribution] = {}
    wanted = [one for file in files for one in required(ROOT / file)]
    seen: set[str] = set()
    while wanted:
        one = wanted.pop()
        if str(one) in seen:
            continue
        seen.add(str(one))
        try:
            found[canonicalize_name(one.name)] = package = distribution(one.name)
        except PackageNotFoundError:
            continue
        wanted += asked_for(package, one.extras)
    return dict(sorted(found.items()))


def asked_for(package: Distribution, extras: set[str]) -> Iterator[Requirement]:
    """What an installed package asks for itself, here and with those extras."""
    for one in map(Requirement, package.requires or ()):
        if not one.marker or any(one.marker.evaluate({"extra": extra}) for extra in extras or {""}):
            yield one
