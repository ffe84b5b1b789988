"""The cast and the means of the suite.

Everything real: PostgreSQL and Valkey are started by `tests.running_servers`. Outside a request a test acts
as the login role, which owns the tables; a request acts as whoever signed in.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from learning.models import Lesson
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.learning import make_gate

Counted = Callable[[int], AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def _fresh_cache() -> Iterator[None]:
    from django.core.cache import cache

    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Uploads of the suite lie in a folder of its own."""
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("files"))


@pytest.fixture
def ash(db: None) -> User:
    """A learner on the free plan who has done nothing yet."""
    return UserFactory.create(email="ash@example.org", profile_fields={"full_name": "Ash"})


@pytest.fixture
def brand(db: None) -> User:
    """Another learner: a stranger to everything of Ash's."""
    return UserFactory.create(email="brand@example.org", profile_fields={"full_name": "Brand"})


@pytest.fixture
def sol(db: None) -> User:
    """Staff, and a superuser of the admin."""
    return StaffFactory.create(email="sol@example.org", profile_fields={"full_name": "Sol"})


def signed_in(user: User) -> Client:
    """A browser in which `user` is signed in."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def as_ash(ash: User) -> Client:
    return signed_in(ash)


@pytest.fixture
def as_brand(brand: User) -> Client:
    return signed_in(brand)


@pytest.fixture
def as_sol(sol: User) -> Client:
    return signed_in(sol)


@pytest.fixture
def gate(db: None) -> Lesson:
    """Gate 1.1 of a small course: three blocks, the second a chart, and five questions."""
    return make_gate(1, 1)


@pytest.fixture
def second_gate(gate: Lesson) -> Lesson:
    """Gate 1.2, which gate 1.1 opens."""
    return make_gate(1, 2, requires=[gate])


@pytest.fixture
def counted() -> Counted:
    """`with counted(7): …` asserts exactly so many queries and lists them when it fails."""

    @contextmanager
    def check(expected: int) -> Iterator[None]:
        with CaptureQueriesContext(connection) as captured:
            yield
        listed = "\n".join(f"{n}. {q['sql'][:300]}" for n, q in enumerate(captured.captured_queries, start=1))
        assert len(captured) == expected, f"{len(captured)} queries instead of {expected}:\n{listed}"

    return check
