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


@dataclass(frozen=True, slots=True)
class Deed:
    """Something done that is worth remembering."""

    activity_type: ActivityType
    entity_type: str | None = None
    entity_id: uuid.UUID | None = None
    metadata: Mapping[str, Any] | None = None


def record(
    *deeds: Deed, user_id: uuid.UUID, timezone: str, at: dt.datetime, device: Device | None = None
) -> None:
    """Log deeds done at `at` (UTC) in one insert; their local day in `timezone` is frozen with them."""
    device = device or Device()
    Activity.objects.bulk_create(
        Activity(
            user_id=user_id,
            activity_type=deed.activity_type,
            entity_type=deed.entity_type,
            entity_id=deed.entity_id,
            metadata=dict(deed.metadata) if deed.metadata else None,
            session_id=device.session_id,
            ip_address=device.ip_address,
            user_agent=device.user_agent[:USER_AGENT_LENGTH] or None,
            local_date=local_day(at, timezone),
            created_at=at,
        )
        for deed in deeds
    )
