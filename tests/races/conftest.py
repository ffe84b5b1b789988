"""What races need."""

import itertools

import pytest

from learning.models import Lesson
from tests.factories.learning import make_gate
from tests.races.crew import Crew
from tests.races.fixtures import crew, db

__all__ = ["crew", "db", "gate", "numbers"]
numbers = itertools.count(1)


@pytest.fixture
def gate(crew: Crew) -> Lesson:
    """An open gate with five questions, new for each test."""
    return make_gate(1, next(numbers))
