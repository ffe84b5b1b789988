"""Gates that staff opened for a learner."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns
from learning.models.lesson import Lesson


class GateOpening(models.Model):
    """Level order and prerequisites do not lock this gate for this person. Plan and `inactive` still do."""

    id = columns.uuid_key()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="gate_openings",
        db_index=False,
        verbose_name=_("learner"),
    )
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="openings", verbose_name=_("gate"))
    reason = models.TextField(_("reason"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="gates_opened",
        verbose_name=_("opened by"),
    )
    created_at = columns.created_at()

    class Meta:
        db_table = "gate_openings"
        verbose_name = _("opened gate")
        verbose_name_plural = _("opened gates")
        constraints = [
            models.UniqueConstraint(fields=["user", "lesson"], name="uq_gate_openings_user_id_lesson_id"),
            models.CheckConstraint(condition=~Q(reason=""), name="ck_gate_openings_reason_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.lesson_id}"
