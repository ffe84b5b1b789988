"""What people did. One call per deed, in the transaction of the deed."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import Activity, ActivityType
from dracarys.lib.clock import local_day

USER_AGENT_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Device:
    """From where a deed was done; known for a request, not for a job."""

    session_id: uuid.UUID | None = None
    ip_address: str | None = None
    user_agent: str = ""


def record(
    *,
    user_id: uuid.UUID,
    timezone: str,
    at: dt.datetime,
    activity_type: ActivityType,
    entity_type: str | None = None,
    entity_id: uuid.UUID | None = None,
    metadata: Mapping[str, Any] | None = None,
    device: Device | None = None,
) -> None:
    """Log one deed done at `at` (UTC); its local day in `timezone` is frozen with it."""
    device = device or Device()
    Activity.objects.create(
        user_id=user_id,
        activity_type=activity_type,
        entity_type=entity_type,
        entity_id=entity_id,
        metadata=dict(metadata) if metadata else None,
        session_id=device.session_id,
        ip_address=device.ip_address,
        user_agent=device.user_agent[:USER_AGENT_LENGTH] or None,
        local_date=local_day(at, timezone),
        created_at=at,
    )
