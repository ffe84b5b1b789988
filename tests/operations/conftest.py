"""One site for all tests of a module; its database is cleared when they are done."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dracarys.servers.family import Family
from tests.operations.site import Site
from tests.races.crew import Crew
from tests.races.fixtures import crew, db

__all__ = ["crew", "db", "site"]


@pytest.fixture(scope="module")
def site(crew: Crew) -> Iterator[Site]:
    """Pages are served by several processes."""
    folder = Path(tempfile.mkdtemp(prefix="dracarys-operations-"))
    with Family() as family:
        site = Site(family, folder)
        yield site
        site.stop()
    shutil.rmtree(folder, ignore_errors=True)
