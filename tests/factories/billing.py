"""Plans and subscriptions."""

import uuid
from decimal import Decimal

from accounts.models import User
from billing.models import SubscriptionPlan, SubscriptionStatus, UserSubscription


def subscribe(
    user: User, *, level_limit: int = 99, status: SubscriptionStatus = SubscriptionStatus.ACTIVE
) -> UserSubscription:
    """A subscription in this state to a plan that opens levels up to `level_limit`."""
    plan = SubscriptionPlan.objects.create(
        name=f"Plan {uuid.uuid4()}", price=Decimal("9.00"), level_access_limit=level_limit
    )
    return UserSubscription.objects.create(user=user, plan=plan, status=status)
