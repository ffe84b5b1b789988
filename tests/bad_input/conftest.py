"""One house for every case of this folder: built once, in a transaction that never ends well."""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests import figures
from tests.bad_input.house import Visitor, everybody


@pytest.fixture(scope="package")
def house(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Visitor]]:
    """Everybody of the cast by name. A case undoes what it wrote, so that all find the house as it was."""
    # A hundred thousand refusals with their tracebacks would cost more than the requests.
    logging.disable(logging.CRITICAL)
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            # Cases that ask no database may take their time.
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield everybody()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)


@pytest.fixture
def tally() -> Iterator[Counter[str]]:
    """Counts what was tried; the figures go to the page of proof."""
    counted = Counter[str]()
    yield counted
    for name, cases in counted.items():
        figures.note(name, cases)
