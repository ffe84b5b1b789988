"""What the starter course said when it was last brought in."""

from django.db import models


class CourseOrigin(models.Model):
    """One item of the starter course: `digest` is of what the folder said of it when it was last taken over.

    An item whose row says something else by now was edited here, and a restart leaves it alone.
    """

    pk = models.CompositePrimaryKey("part", "key")
    part = models.CharField(max_length=20)
    key = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)

    class Meta:
        db_table = "course_origins"
        verbose_name = "origin of a part of the course"
        verbose_name_plural = "origins of parts of the course"

    def __str__(self) -> str:
        return f"{self.part} {self.key}"
