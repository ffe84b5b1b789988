"""Gates that staff open for a learner."""

import uuid

from learning.models import GateOpening


def open_gate(*, user_id: uuid.UUID, lesson_id: uuid.UUID, reason: str, by: uuid.UUID | None) -> GateOpening:
    """Level order and prerequisites no longer lock this gate for this person; said twice it is said once."""
    opening, _ = GateOpening.objects.update_or_create(
        user_id=user_id, lesson_id=lesson_id, defaults={"reason": reason, "opened_by_id": by}
    )
    return opening
