"""Figures: pictures that staff uploaded, each with its words, its source and the ground of its use."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class Figure(models.Model):
    """A picture in the storage. A file is named by its digest and never changes; the row says which it is."""

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    title = models.TextField(_("title"))
    alt = models.TextField(_("alternative text"))
    source = models.TextField(_("source"))
    ground_of_use = models.TextField(_("ground of use"))
    digest = models.CharField(max_length=64, editable=False)
    width = models.IntegerField(editable=False)
    height = models.IntegerField(editable=False)
    size = models.IntegerField(editable=False)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    class Meta:
        db_table = "figures"
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        constraints = [
            models.CheckConstraint(condition=~Q(alt=""), name="ck_figures_alt_not_empty"),
            models.CheckConstraint(
                condition=Q(digest__regex="^[0-9a-f]{64}$"), name="ck_figures_digest_sha256"
            ),
            models.CheckConstraint(
                condition=Q(width__range=(1, 1600), height__range=(1, 1600)),
                name="ck_figures_width_and_height_1_to_1600",
            ),
            models.CheckConstraint(condition=Q(size__gte=1), name="ck_figures_size_positive"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learning:figure", args=[self.digest])

    @property
    def file_name(self) -> str:
        """Its name in the storage."""
        return f"figures/{self.digest}.webp"
