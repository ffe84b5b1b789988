from django.db import migrations

from dracarys.db.columns import keeps_updated_at
from dracarys.db.roles import Policy, own_rows, secure


class Migration(migrations.Migration):
    dependencies = [("learning", "0007_beside_a_lesson")]
    operations = [
        *[keeps_updated_at(table) for table in ("content_ratings", "content_reports")],
        secure(
            "lesson_bookmarks",
            Policy(
                "People keep their own bookmarks",
                "ALL",
                "authenticated",
                using="user_id = @me",
                check="user_id = @me",
            ),
            grants=["SELECT TO authenticated", "INSERT TO authenticated", "DELETE TO authenticated"],
        ),
        # Version, state and answer are not theirs to write: the service does, step by step.
        secure("content_ratings", own_rows(), grants=["SELECT TO authenticated"]),
        secure("content_reports", own_rows(), grants=["SELECT TO authenticated"]),
        # As readable as the lesson itself; which gates are open the code above decides.
        secure(
            "lesson_passages",
            Policy(
                "People can search active lessons",
                "SELECT",
                "authenticated",
                using="EXISTS (SELECT 1 FROM lessons l WHERE l.id = lesson_id AND l.is_active)",
            ),
            grants=["SELECT TO authenticated"],
        ),
    ]
