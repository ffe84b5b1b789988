"""The words of the course: topics that questions belong to, and terms that are explained."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class Topic(models.Model):
    """What a question is about; a small tree. Progress, placement and review count by it."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    title = models.TextField(_("title"))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("belongs to"),
    )
    position = models.IntegerField(_("position"), default=0, db_default=0)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "topics"
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=models.F("code")),
                name="ck_topics_not_its_own_parent",
            )
        ]

    def __str__(self) -> str:
        return self.title


class GlossaryTerm(models.Model):
    """A word of trading and what it means. `definition` is Markdown, `rendered` its safe HTML."""

    code = models.SlugField(_("code"), max_length=40, primary_key=True)
    term = models.TextField(_("term"))
    definition = models.TextField(_("definition"))
    rendered = models.TextField(editable=False)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="terms", verbose_name=_("topic")
    )
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "glossary_terms"
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary terms")
        constraints = [
            models.CheckConstraint(condition=~Q(term=""), name="ck_glossary_terms_term_not_empty"),
            models.CheckConstraint(
                condition=~Q(definition=""), name="ck_glossary_terms_definition_not_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.term
