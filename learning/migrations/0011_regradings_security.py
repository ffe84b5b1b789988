from django.db import migrations

from dracarys.db.roles import Policy, secure


class Migration(migrations.Migration):
    dependencies = [("learning", "0010_regradings")]
    operations = [
        secure("regradings"),
        # Which questions do not count stands on the paper; who said so and why is told with the result.
        secure(
            "voided_questions",
            Policy(
                "People can see what does not count in active lessons",
                "SELECT",
                "authenticated",
                using="EXISTS (SELECT 1 FROM lessons l WHERE l.id = lesson_id AND l.is_active)",
            ),
            grants=["SELECT (lesson_id, question) TO authenticated"],
        ),
    ]
