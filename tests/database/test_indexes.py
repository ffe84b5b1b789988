"""What is joined, filtered or cascaded has an index."""

import pytest

from tests.database.rows import rows, run

pytestmark = pytest.mark.django_db
# Foreign keys without an index that begins with a column of theirs.
WITHOUT = """
    SELECT c.conname FROM pg_constraint c
    WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_index x
        WHERE x.indrelid = c.conrelid AND x.indpred IS NULL AND x.indkey[0] = ANY(c.conkey))
"""
METHODS = """
    SELECT i.relname, m.amname FROM pg_class i JOIN pg_am m ON m.oid = i.relam
    WHERE i.relkind = 'i' AND i.relnamespace = 'public'::regnamespace
"""


def test_every_foreign_key_has_an_index() -> None:
    assert rows(WITHOUT) == []
    run("DROP INDEX idx_lessons_created_by")
    assert rows(WITHOUT) == [("fk_lessons_created_by",)]


@pytest.mark.parametrize(
    "name",
    [
        "idx_posts_search",
        "idx_posts_tags",
        "idx_achievements_requirements",
        "idx_lessons_content_data",
    ],
)
def test_what_is_searched_inside_has_a_gin_index(name: str) -> None:
    assert (name, "gin") in rows(METHODS)


@pytest.mark.parametrize(
    ("index", "query"),
    [
        ("idx_posts_tags", "SELECT id FROM community_posts WHERE tags @> ARRAY['risk']"),
        (
            "idx_posts_search",
            "SELECT id FROM community_posts WHERE to_tsvector('english'::regconfig, "  # noqa: ISC004
            "COALESCE(title, '') || ' ' || COALESCE(content, '')) @@ to_tsquery('english', 'stop')",
        ),
        (
            "idx_achievements_requirements",
            'SELECT id FROM achievements WHERE requirements @> \'{"kind": "streak"}\'',
        ),
        ("uq_users_email_lower", "SELECT id FROM users WHERE lower(email) = 'ash@example.org'"),
    ],
)
def test_a_search_uses_its_index_where_it_may(index: str, query: str) -> None:
    run("SET LOCAL enable_seqscan = off")
    assert index in str(rows(f"EXPLAIN {query}"))
