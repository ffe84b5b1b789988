"""Nightly: counters of posts and comments against the rows that they count."""

from django.db import connection

from dracarys.lib import drift
from dracarys.lib.drift import Difference

# Deleted comments keep their place in the thread and are not counted.
COUNTERS = """
    WITH votes AS (
        SELECT target_id, count(*) FILTER (WHERE vote_type = 'upvote') AS up,
               count(*) FILTER (WHERE vote_type = 'downvote') AS down
        FROM community_votes GROUP BY target_id
    ), answers AS (
        SELECT post_id, count(*) AS n FROM community_comments WHERE NOT is_deleted GROUP BY post_id
    ), counted AS (
        SELECT 'post ' || p.id AS what, c.name, c.stored, c.rebuilt
        FROM community_posts p LEFT JOIN votes v ON v.target_id = p.id LEFT JOIN answers a ON a.post_id = p.id
        CROSS JOIN LATERAL (VALUES ('upvotes', p.upvotes_count, coalesce(v.up, 0)),
                                   ('downvotes', p.downvotes_count, coalesce(v.down, 0)),
                                   ('comments', p.comments_count, coalesce(a.n, 0))
                           ) AS c(name, stored, rebuilt)
        UNION ALL
        SELECT 'comment ' || m.id, c.name, c.stored, c.rebuilt
        FROM community_comments m LEFT JOIN votes v ON v.target_id = m.id
        CROSS JOIN LATERAL (VALUES ('upvotes', m.upvotes_count, coalesce(v.up, 0)),
                                   ('downvotes', m.downvotes_count, coalesce(v.down, 0))
                           ) AS c(name, stored, rebuilt)
    )
    SELECT name || ' of ' || what, stored, rebuilt::int FROM counted WHERE stored <> rebuilt ORDER BY 1
"""


def differences() -> list[Difference]:
    """Every counter that differs from a recount. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        return [Difference(*row) for row in cursor.fetchall()]


def report() -> int:
    """Log every difference as an error; how many there are."""
    return drift.report(differences())
