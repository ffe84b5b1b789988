from django.db import migrations

from dracarys.db.roles import Policy, readable_by_all, secure

MINE = "author_id = @me"


def authored(
    table: str, what: str, insert: str, update: str, *, insert_check: str = MINE, name: str
) -> migrations.RunSQL:
    return secure(
        table,
        readable_by_all("Users can view community content"),
        Policy(name, "INSERT", "authenticated", check=insert_check),
        Policy(f"Users can edit own {what}", "UPDATE", "authenticated", using=MINE, check=MINE),
        Policy(f"Users can delete own {what}", "DELETE", "authenticated", using=MINE),
        grants=[
            "SELECT TO authenticated",
            f"INSERT ({insert}) TO authenticated",
            f"UPDATE ({update}) TO authenticated",
            "DELETE TO authenticated",
        ],
    )


class Migration(migrations.Migration):
    dependencies = [("community", "0002_integrity")]
    operations = [
        authored(
            "community_posts",
            "posts",
            "id, author_id, title, content, post_type, category, tags",
            "title, content, category, tags",
            insert_check=f"{MINE} AND post_type <> 'announcement'",
            name="Users can create posts",
        ),
        authored(
            "community_comments",
            "comments",
            "id, post_id, author_id, parent_comment_id, content",
            "content, is_deleted",
            name="Users can create comments",
        ),
        secure(
            "community_votes",
            Policy(
                "Users can manage own votes",
                "ALL",
                "authenticated",
                using="user_id = @me",
                check="user_id = @me",
            ),
            grants=[
                "SELECT TO authenticated",
                "INSERT (id, user_id, target_type, target_id, vote_type, created_at) TO authenticated",
                "UPDATE (vote_type) TO authenticated",
                "DELETE TO authenticated",
            ],
        ),
    ]
