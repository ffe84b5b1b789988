"""May they: up to which level of the path somebody's plan opens the lessons."""

import uuid
from dataclasses import dataclass

from django.db.models import IntegerField, Max, QuerySet, Subquery, Value

from billing.models import LIVE_STATUSES, UserSubscription

# What everybody may do without paying.
FREE_LEVELS = 2


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a person's plan opens. `level_limit` is the highest level of the path, never a flame."""

    level_limit: int

    def opens_level(self, level: int) -> bool:
        return level <= self.level_limit


FREE = Entitlement(level_limit=FREE_LEVELS)


def entitlement_of(user_id: uuid.UUID | None) -> Entitlement:
    """What `user_id` may open now; a visitor (None) has the free plan. One query."""
    if user_id is None:
        return FREE
    return entitlement(_live(user_id).aggregate(limit=Max("plan__level_access_limit"))["limit"])


def paid_limit(user_id: uuid.UUID | None) -> Subquery | Value:
    """The highest level that `user_id` paid for, for a query that reads more than that; null for none."""
    if user_id is None:
        return Value(None, output_field=IntegerField())
    by_person = _live(user_id).order_by().values("user_id")
    return Subquery(by_person.annotate(limit=Max("plan__level_access_limit")).values("limit"))


def entitlement(limit: int | None) -> Entitlement:
    """What somebody may open who paid for levels up to `limit`; None without a paid plan."""
    return Entitlement(level_limit=max(FREE_LEVELS, limit or 0))


def _live(user_id: uuid.UUID) -> QuerySet[UserSubscription]:
    return UserSubscription.objects.filter(user_id=user_id, status__in=LIVE_STATUSES)
