"""What the blocks of published lessons say in plain words: for searching, and for finding a term's gates."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson


class Passage(models.Model):
    """One block of a published lesson without its markup; `number` counts from 1, `terms` are glossary codes.

    Made anew with each publication, from what every reader of the block sees: no answer is in it.
    """

    pk = models.CompositePrimaryKey("lesson_id", "number")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="passages", db_index=False)
    number = models.IntegerField()
    block = models.CharField(max_length=40)
    title = models.TextField()
    text = models.TextField(blank=True)
    terms = ArrayField(models.CharField(max_length=40), default=list, db_default=[])

    class Meta:
        db_table = "lesson_passages"
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="ck_lesson_passages_number_positive"
            )
        ]
        indexes = [
            columns.GinIndex(
                SearchVector("title", "text", config="english"), name="idx_lesson_passages_search"
            ),
            columns.GinIndex(fields=["terms"], name="idx_lesson_passages_terms"),
        ]

    def __str__(self) -> str:
        return self.title
