"""May they: up to which level of the path somebody's plan opens the lessons."""

import uuid
from collections.abc import Collection

from django.db.models import IntegerField, Max, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Greatest

from billing.models import LIVE_STATUSES, UserSubscription

# What everybody may do without paying.
FREE_LEVELS = 2


def level_limit(user_id: uuid.UUID | None) -> Combinable:
    """The highest level of the path (never a flame) that the plan of `user_id` opens, for any query to read.

    A visitor (None) has the free plan, and no plan opens less than that.
    """
    free = Value(FREE_LEVELS, output_field=IntegerField())
    if user_id is None:
        return free
    live = UserSubscription.objects.filter(user_id=user_id, status__in=LIVE_STATUSES).order_by()
    paid = live.values("user_id").annotate(limit=Max("plan__level_access_limit"))
    # PostgreSQL passes over a null: nobody who pays for nothing has less.
    return Greatest(free, Subquery(paid.values("limit")))


def level_limits(user_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, int]:
    """The same for many people at once. One query."""
    live = UserSubscription.objects.filter(user_id__in=user_ids, status__in=LIVE_STATUSES).order_by()
    paid = dict(live.values_list("user_id").annotate(limit=Max("plan__level_access_limit")))
    return {user_id: max(FREE_LEVELS, paid.get(user_id) or 0) for user_id in user_ids}
