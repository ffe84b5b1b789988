from django.db import migrations, models

from dracarys.db.roles import secure


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0008_beside_a_lesson_security"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="lesson",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_active", False), models.Q(("content_data", {}), _negated=True), _connector="OR"
                ),
                name="ck_lessons_in_use_has_a_lesson",
            ),
        ),
        migrations.CreateModel(
            name="CourseOrigin",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "part", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("part", models.CharField(max_length=20)),
                ("key", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "origin of a part of the course",
                "verbose_name_plural": "origins of parts of the course",
                "db_table": "course_origins",
            },
        ),
        # Only the service knows where a part of the course came from.
        secure("course_origins"),
    ]
