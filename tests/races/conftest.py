"""A crew on a database that is cleared once a module: every round makes rows of its own."""

import itertools
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django import DjangoDbBlocker

from learning.models import Lesson
from tests.factories.learning import make_gate
from tests.races.crew import Crew

_numbers = itertools.count(1)


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
    """In this folder the database stays open from test to test; nothing is rolled back in between."""


@pytest.fixture
def gate(crew: Crew) -> Lesson:
    """An open gate with five questions, new for each test."""
    return make_gate(1, next(_numbers))
