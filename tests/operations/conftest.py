"""One site for all tests of a module; its database is cleared when they are done."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from dracarys.servers.family import Family
from tests.operations.site import Site
from tests.races.crew import Crew


@pytest.fixture(scope="module")
def crew(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crew]:
    """Eight threads with a connection each."""
    with django_db_blocker.unblock():
        crew = Crew()
        yield crew
        crew.go_home()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def site(crew: Crew) -> Iterator[Site]:
    """Pages are served by several processes."""
    folder = Path(tempfile.mkdtemp(prefix="dracarys-operations-"))
    with Family() as family:
        site = Site(family, folder)
        yield site
        site.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def db(crew: Crew) -> None:
    """In this folder the database stays open from test to test; nothing is rolled back in between."""
