"""Connections without the suite's own transaction around a test."""

from collections.abc import Iterator

import pytest
from django.db import connections
from pytest_django import DjangoDbBlocker


@pytest.fixture
def opened(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Any database may be reached, nothing is cleaned up: for tests that leave no row behind."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
