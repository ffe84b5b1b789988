"""Whoever buys twice at once has one subscription that counts."""

from functools import partial

from django.db import IntegrityError

from accounts.models import User
from billing.models import SubscriptionPlan, UserSubscription
from dracarys.db.acting import acting_as_service
from tests.amounts import THREADS
from tests.database.rows import plan, subscription_of
from tests.races.cast import newcomer
from tests.races.crew import Crew
from tests.races.guards import without_index


def buy(user: User, wanted: SubscriptionPlan) -> bool:
    """Whether it was the first that counts."""
    try:
        with acting_as_service():
            subscription_of(user, wanted)
    except IntegrityError:
        return False
    return True


def one_subscription(crew: Crew) -> None:
    """Whoever buys twice at once has one subscription that counts."""
    user, wanted = newcomer(), plan()
    outcome = crew.race(*[partial(buy, user, wanted)] * THREADS)
    assert outcome.errors == []
    assert outcome.results.count(True) == UserSubscription.objects.filter(user=user).count() == 1


def test_whoever_buys_twice_at_once_has_one_subscription(crew: Crew) -> None:
    crew.holds(one_subscription)


def test_without_its_key_every_click_is_one(crew: Crew) -> None:
    with without_index("user_subscriptions", "uq_user_subscriptions_one_live"):
        crew.breaks(one_subscription)
