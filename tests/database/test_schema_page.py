"""docs/schema.md names every table and column that was asked for, and every table that there is."""

import re
from pathlib import Path

import pytest

from tests.database.catalog import TABLES, Catalog
from tests.database.conformity import seed_catalog
from tests.database.scratch import suite_dsn
from tests.database.tables import MACHINERY, ours

PAGE = (Path(__file__).parents[2] / "docs" / "schema.md").read_text()
NAMES = re.compile(r"`(\w+)`")


def sections() -> dict[str, set[str]]:
    """The names in backticks of each table's section."""
    parts = re.split(r"^#{2,3} ", PAGE, flags=re.MULTILINE)
    tables = ((NAMES.match(part), part) for part in parts)
    return {title[1]: set(NAMES.findall(part.partition("\n")[2])) for title, part in tables if title}


@pytest.fixture(scope="module")
def seed(django_db_setup: None) -> Catalog:
    return seed_catalog(suite_dsn())


def test_every_table_that_was_asked_for_has_a_section() -> None:
    assert tuple(sections()) == TABLES


def test_every_column_that_was_asked_for_is_named_in_its_tables_section(seed: Catalog) -> None:
    named = sections()
    assert [(table, column) for table, column in sorted(seed.columns) if column not in named[table]] == []


@pytest.mark.django_db
def test_every_table_of_our_own_is_named() -> None:
    assert {table for table in ours() - MACHINERY if f"`{table}`" not in PAGE} == set()
