"""JSON that staff type elsewhere than in a gate: an error on the form, never a 500."""

import pytest
from django.test import Client

from billing.models import SubscriptionPlan

pytestmark = pytest.mark.django_db

PLAN = {
    "name": "Solo",
    "plan_type": "monthly",
    "price": "9.00",
    "currency": "USD",
    "trial_days": "0",
    "level_access_limit": "99",
}


@pytest.mark.parametrize("typed", ["[" * 5000, '["\\ud800"]', "[" + "9" * 5000 + "]", '["a",]'])
def test_hostile_features_of_a_plan_bring_the_form_back(as_sol: Client, typed: str) -> None:
    response = as_sol.post("/admin/billing/subscriptionplan/add/", {**PLAN, "features": typed})
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert not SubscriptionPlan.objects.exists()


def test_good_features_are_kept(as_sol: Client) -> None:
    as_sol.post("/admin/billing/subscriptionplan/add/", {**PLAN, "features": '["Every level"]'})
    assert SubscriptionPlan.objects.get().features == ["Every level"]
