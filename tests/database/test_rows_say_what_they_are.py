"""A row names itself: in the admin, in a log and in a shell."""

import pytest
from django.apps import apps

from accounts.models import User
from tests.database.rows import one_of_each
from tests.factories.learning import make_gate

pytestmark = pytest.mark.django_db
OURS = {"accounts", "billing", "community", "gamification", "learning", "sessions"}


def test_every_row_says_more_than_its_key(ash: User) -> None:
    one_of_each(ash, make_gate(1, 1))
    first = {model: model._default_manager.first() for model in apps.get_models()}
    said = {model: str(row) for model, row in first.items() if row and model._meta.app_label in OURS}
    assert len(said) > 20
    assert {model for model, words in said.items() if not words or "object (" in words} == set()
