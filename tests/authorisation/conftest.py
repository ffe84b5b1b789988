"""One world for all tests of a file, in one transaction that is rolled back at its end."""

import logging
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from tests.authorisation.cast import make_world
from tests.authorisation.objects import MAIL
from tests.authorisation.trying import Trial
from tests.database.rows import undone


@pytest.fixture(scope="module")
def trial(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Trial]:
    """Tries cells on the world of the cast."""
    mailbox = tmp_path_factory.mktemp("mailbox")
    (mailbox / MAIL).write_text("Subject: A mail\nTo: learner@example.org\n\nIts text.\n")
    with django_db_blocker.unblock(), override_settings(MAILBOX_PATH=str(mailbox)), undone():
        world = make_world()
        with connection.cursor() as cursor:
            # Whatever waits for the commit is checked now: a table with checks to come cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        # Thousands of refusals are what is wanted here, and no news.
        logging.disable(logging.ERROR)
        yield Trial(world)
        logging.disable(logging.NOTSET)
    assert not transaction.get_connection().in_atomic_block
