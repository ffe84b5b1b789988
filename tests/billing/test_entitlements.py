"""Up to which level a person's plan opens the path."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from billing.entitlements import FREE_LEVELS, level_limit
from billing.models import LIVE_STATUSES, SubscriptionStatus
from tests.conftest import Counted
from tests.factories.billing import subscribe

pytestmark = pytest.mark.django_db


def limit_of(user_id: uuid.UUID | None) -> int:
    """Read beside somebody's row, as any query may."""
    found: int = User.objects.annotate(limit=level_limit(user_id)).values_list("limit", flat=True)[0]
    return found


def test_the_free_plan_opens_levels_one_and_two(ash: User) -> None:
    assert limit_of(ash.pk) == FREE_LEVELS == 2


def test_a_visitor_and_somebody_unknown_have_the_free_plan(ash: User) -> None:
    assert limit_of(None) == limit_of(uuid.uuid4()) == FREE_LEVELS


@pytest.mark.parametrize("status", list(SubscriptionStatus))
def test_a_subscription_opens_more_only_while_it_is_live(ash: User, status: SubscriptionStatus) -> None:
    subscribe(ash, level_limit=7, status=status)
    expected = {"active": 7, "trialing": 7, "past_due": 7, "canceled": 2, "unpaid": 2}
    assert limit_of(ash.pk) == expected[status.value]


def test_a_plan_never_opens_less_than_the_free_one(ash: User) -> None:
    subscribe(ash, level_limit=1)
    assert limit_of(ash.pk) == FREE_LEVELS


def test_somebody_elses_subscription_opens_nothing(ash: User, brand: User) -> None:
    subscribe(brand, level_limit=7)
    assert limit_of(ash.pk) == FREE_LEVELS


def test_an_ended_subscription_does_not_hide_the_one_that_followed(ash: User) -> None:
    subscribe(ash, level_limit=9, status=SubscriptionStatus.CANCELED)
    subscribe(ash, level_limit=5)
    assert limit_of(ash.pk) == 5


@pytest.mark.parametrize("second", LIVE_STATUSES)
def test_the_database_keeps_one_live_subscription_a_person(ash: User, second: SubscriptionStatus) -> None:
    subscribe(ash)
    with pytest.raises(IntegrityError, match="uq_user_subscriptions_one_live"), transaction.atomic():
        subscribe(ash, status=second)


def test_what_somebody_may_open_is_one_question_to_the_database(ash: User, counted: Counted) -> None:
    subscribe(ash)
    with counted(1):
        limit_of(ash.pk)
