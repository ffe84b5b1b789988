from django.db import migrations

from dracarys.db.columns import keeps_updated_at, trigger_function

# Statement triggers with transition tables; posts are locked in the order of their ids, so that two
# statements that touch the same posts cannot lock each other out. NO KEY, because the foreign key of each new
# row has share-locked the key of its post by then, and two such writers would wait for each other.
DELTA_COMMENTS = {
    "INSERT": "SELECT post_id, (NOT is_deleted)::int AS n, created_at AS at FROM new_rows",
    "DELETE": "SELECT post_id, -(NOT is_deleted)::int AS n, NULL::timestamptz AS at FROM old_rows",
    "UPDATE": "SELECT post_id, (NOT is_deleted)::int AS n, NULL::timestamptz AS at FROM new_rows "
    "UNION ALL SELECT post_id, -(NOT is_deleted)::int, NULL FROM old_rows",
}
VOTE = "target_type, target_id, (vote_type = 'upvote')::int AS up, (vote_type = 'downvote')::int AS down"
MINUS_VOTE = "target_type, target_id, -(vote_type = 'upvote')::int, -(vote_type = 'downvote')::int"
DELTA_VOTES = {
    "INSERT": f"SELECT {VOTE} FROM new_rows",
    "DELETE": f"SELECT {MINUS_VOTE.replace('::int,', '::int AS up,')} AS down FROM old_rows",
    "UPDATE": f"SELECT {VOTE} FROM new_rows UNION ALL SELECT {MINUS_VOTE} FROM old_rows",
}
REFERENCING = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
}


def count_comments(delta: str) -> str:
    return f"""
        PERFORM 1 FROM community_posts WHERE id IN (SELECT post_id FROM ({delta}) d) ORDER BY id FOR NO KEY UPDATE;
        UPDATE community_posts p
        SET comments_count = p.comments_count + d.n, last_activity_at = greatest(p.last_activity_at, d.at)
        FROM (SELECT post_id, sum(n)::int AS n, max(at) AS at FROM ({delta}) r GROUP BY post_id) d
        WHERE p.id = d.post_id AND (d.n <> 0 OR d.at IS NOT NULL);
        RETURN NULL;
    """


def count_votes(delta: str) -> str:
    def one(target: str, table: str) -> str:
        return f"""
            PERFORM 1 FROM {table} WHERE id IN (SELECT target_id FROM ({delta}) d WHERE target_type = '{target}')
            ORDER BY id FOR NO KEY UPDATE;
            UPDATE {table} t SET upvotes_count = t.upvotes_count + d.up, downvotes_count = t.downvotes_count + d.down
            FROM (SELECT target_id, sum(up)::int AS up, sum(down)::int AS down FROM ({delta}) r
                  WHERE target_type = '{target}' GROUP BY target_id) d
            WHERE t.id = d.target_id;
        """

    return one("post", "community_posts") + one("comment", "community_comments") + "RETURN NULL;"


def counter(table: str, event: str, name: str, body: str) -> list[migrations.RunSQL]:
    function = f"{name}_on_{event.lower()}"
    return [
        trigger_function(function, body),
        migrations.RunSQL(
            f"CREATE TRIGGER {function} AFTER {event} ON {table} {REFERENCING[event]} "
            f"FOR EACH STATEMENT EXECUTE FUNCTION {function}()",
            f"DROP TRIGGER {function} ON {table}",
        ),
    ]


def foreign_key(table: str, name: str, columns: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {target} ON DELETE CASCADE",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial"), ("database", "0002_updated_at")]
    operations = [
        keeps_updated_at(
            "community_posts",
            of=["title", "content", "post_type", "category", "tags", "is_pinned", "is_locked"],
        ),
        keeps_updated_at("community_comments", of=["content", "is_deleted"]),
        # A vote is for something that exists, and goes with it.
        foreign_key("community_votes", "fk_community_votes_post_id", "post_id", "community_posts (id)"),
        foreign_key(
            "community_votes", "fk_community_votes_comment_id", "comment_id", "community_comments (id)"
        ),
        # An answer answers a comment of the same post.
        foreign_key(
            "community_comments",
            "fk_community_comments_parent_comment_id_post_id",
            "parent_comment_id, post_id",
            "community_comments (id, post_id)",
        ),
        *[
            step
            for event, delta in DELTA_COMMENTS.items()
            for step in counter("community_comments", event, "count_comments", count_comments(delta))
        ],
        *[
            step
            for event, delta in DELTA_VOTES.items()
            for step in counter("community_votes", event, "count_votes", count_votes(delta))
        ],
    ]
