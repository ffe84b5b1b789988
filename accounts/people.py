"""What a person changes about themselves, and what signing in and confirming an address leave behind."""

import datetime as dt
import uuid
from collections.abc import Sequence

from accounts.activity_log import Deed, Device, record
from accounts.models import ActivityType, User, UserProfile
from dracarys.db.acting import acting_as_service


def welcome(
    *,
    user_id: uuid.UUID,
    full_name: str,
    timezone: str,
    trading_experience: str,
    trading_goals: Sequence[str],
    at: dt.datetime,
) -> None:
    """Accept the terms and the notice of risk, once, and say the first things about oneself."""
    update_profile(
        user_id=user_id,
        full_name=full_name,
        timezone=timezone,
        trading_experience=trading_experience,
        trading_goals=trading_goals,
        at=at,
    )
    with acting_as_service():
        User.objects.filter(pk=user_id, terms_accepted_at__isnull=True).update(terms_accepted_at=at)


def update_profile(
    *,
    user_id: uuid.UUID,
    full_name: str,
    timezone: str,
    trading_experience: str,
    trading_goals: Sequence[str],
    at: dt.datetime,
    bio: str | None = None,
    preferred_language: str | None = None,
) -> None:
    """Write the columns that a person authors, as that person; the time zone counts as confirmed at `at`."""
    columns: dict[str, object] = {
        "full_name": full_name or None,
        "timezone": timezone,
        "timezone_confirmed_at": at,
        "trading_experience": trading_experience,
        "trading_goals": list(trading_goals),
    }
    if bio is not None:
        columns["bio"] = bio or None
    if preferred_language is not None:
        columns["preferred_language"] = preferred_language
    UserProfile.objects.filter(pk=user_id).update(**columns)


def signed_in(*, user: User, device: Device, at: dt.datetime) -> None:
    """Log a sign-in."""
    record(Deed(ActivityType.LOGIN), user_id=user.pk, timezone=user.profile.timezone, at=at, device=device)


def address_confirmed(*, user_id: uuid.UUID, at: dt.datetime) -> None:
    """Keep when the e-mail address was first confirmed."""
    User.objects.filter(pk=user_id, email_confirmed_at__isnull=True).update(email_confirmed_at=at)
