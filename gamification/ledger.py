"""The XP ledger. Every change of somebody's XP is a row here, and a row pays once."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from accounts.models import UserProfile
from gamification.models import XpSource


@dataclass(frozen=True, slots=True)
class Award:
    """What is to be paid: (user, source, source_id) is the key that pays once."""

    source: XpSource
    source_id: uuid.UUID
    amount: int
    reason: str


# One statement: the rows that were never paid, and with them the person's total and flame.
PAY = """
    WITH paid AS (
        INSERT INTO xp_events (user_id, source, source_id, cause_id, amount, reason, total_after, occurred_at)
        SELECT %(user)s, source, source_id, %(cause)s, amount, reason,
               %(total)s + sum(amount) OVER (ORDER BY position), %(at)s
        FROM unnest(%(sources)s::text[], %(ids)s::uuid[], %(amounts)s::int[], %(reasons)s::text[])
             WITH ORDINALITY AS award(source, source_id, amount, reason, position)
        WHERE NOT EXISTS (SELECT FROM xp_events e WHERE e.user_id = %(user)s
                          AND e.source = award.source AND e.source_id = award.source_id)
        ORDER BY position
        ON CONFLICT (user_id, source, source_id) DO NOTHING
        RETURNING source, source_id, amount
    ), summed AS (
        UPDATE user_profiles
        SET total_xp = total_xp + gained.xp, current_level = calculate_user_level(total_xp + gained.xp)
        FROM (SELECT sum(amount)::int AS xp FROM paid) AS gained
        WHERE id = %(user)s AND gained.xp <> 0
    )
    SELECT source, source_id FROM paid
"""


def lock(user_id: uuid.UUID) -> UserProfile:
    """The person's profile, locked until the transaction ends: grants to one person happen one by one.

    Nothing is joined to it: whoever waits for the lock would see the joined rows as they were before.
    """
    return UserProfile.objects.select_for_update().get(pk=user_id)


def pay(
    profile: UserProfile, awards: Sequence[Award], *, cause_id: uuid.UUID | None, at: dt.datetime
) -> list[Award]:
    """Write those awards that were never paid, move total and flame; the paid ones, in order.

    `profile` is locked by `lock`. Awards already in the ledger are passed over in silence: that is what
    makes a double submit harmless. The trigger on the ledger moves the four boards. `at` is UTC.
    """
    if not awards:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            PAY,
            {
                "user": profile.pk,
                "cause": cause_id,
                "total": profile.total_xp,
                "at": at,
                "sources": [a.source.value for a in awards],
                "ids": [a.source_id for a in awards],
                "amounts": [a.amount for a in awards],
                "reasons": [a.reason for a in awards],
            },
        )
        fresh = {(source, source_id) for source, source_id in cursor.fetchall()}
    paid = [a for a in awards if (a.source.value, a.source_id) in fresh]
    profile.total_xp += sum(a.amount for a in paid)
    return paid
