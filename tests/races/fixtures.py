"""A crew on a database that is cleared once a module: every round makes rows of its own."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from tests.races.crew import Crew


@pytest.fixture(scope="module")
def crew(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Crew]:
    """Eight threads with a connection each."""
    with django_db_blocker.unblock():
        crew = Crew()
        yield crew
        crew.go_home()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def db(crew: Crew) -> None:
    """Where there is a crew the database stays open from test to test; nothing is rolled back in between."""
