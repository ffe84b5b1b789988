"""What is to be told to the outside world, written in the transaction of the fact it tells."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class OutboxMessage(models.Model):
    """A mail that waits to be sent. The payload is wiped once it left: it may hold codes and links."""

    id = columns.uuid_key()
    kind = models.CharField(max_length=50)
    recipient = models.TextField()
    payload = models.JSONField(null=True, blank=True)
    created_at = columns.created_at()
    due_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.IntegerField(default=0, db_default=0)
    last_error = models.TextField(blank=True, default="", db_default="")
    # After the last try: kept for staff to see, not tried again.
    gave_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "outbox_messages"
        verbose_name = _("outgoing mail")
        verbose_name_plural = _("outgoing mail")
        indexes = [
            columns.Index(
                fields=["due_at"],
                condition=models.Q(sent_at__isnull=True, gave_up_at__isnull=True),
                name="idx_outbox_messages_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.recipient}"
