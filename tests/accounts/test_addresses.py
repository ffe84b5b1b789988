"""One person an address, whatever its case; placeholder addresses are never mailed."""

import pytest
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts import outbox
from accounts.models import OutboxMessage, User
from tests.conftest import Counted
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def test_an_address_is_stored_in_lower_case(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "Ember@Example.ORG", "password1": PASSWORD})
    assert User.objects.get().email == "ember@example.org"
    assert OutboxMessage.objects.get().recipient == "ember@example.org"


def test_the_manager_and_the_model_fold_it_too() -> None:
    assert User.objects.create_user("  Ash@Example.ORG ").email == "ash@example.org"
    person = User(email="Sol@Example.ORG ")
    person.clean()
    assert person.email == "sol@example.org"


@pytest.mark.parametrize("typed", ["ASH@example.org", "Ash@Example.Org", " ash@example.org "])
def test_one_signs_in_in_any_case(client: Client, ash: User, typed: str) -> None:
    client.post("/accounts/login/", {"login": typed, "password": PASSWORD})
    assert client.get("/dashboard/").status_code == 200


def test_a_person_is_found_in_any_case_by_the_index_on_lower(ash: User) -> None:
    assert User.objects.get_by_natural_key("ASH@Example.org") == ash
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM users WHERE lower(email) = 'ash@example.org'")
        assert "uq_users_email_lower" in "\n".join(row[0] for row in cursor.fetchall())


def test_the_database_refuses_a_second_address_that_differs_in_case(ash: User, brand: User) -> None:
    with pytest.raises(IntegrityError, match="uq_users_email_lower"), transaction.atomic():
        User.objects.filter(pk=brand.pk).update(email="ASH@example.org")
    with pytest.raises(IntegrityError, match="uq_users_email_lower"), transaction.atomic():
        User.objects.bulk_create([User(email="Ash@Example.org")])


def test_a_guest_carries_a_placeholder_and_the_database_insists() -> None:
    UserFactory.create(email="guest-1@guests.invalid", is_guest=True)
    with pytest.raises(IntegrityError, match="placeholder_email"), transaction.atomic():
        UserFactory.create(email="guest-2@example.org", is_guest=True)


@pytest.mark.parametrize("address", ["guest-1@guests.invalid", "GUEST@GUESTS.INVALID"])
def test_a_placeholder_address_gets_no_mail(address: str) -> None:
    message = EmailMessage("Subject", "Body", to=[address, "ash@example.org"])
    outbox.queue_mail(message, kind="test")
    assert OutboxMessage.objects.get().recipient == "ash@example.org"


def test_asking_for_a_guests_password_mails_nobody(client: Client) -> None:
    UserFactory.create(email="guest-1@guests.invalid", is_guest=True)
    client.post("/accounts/password/reset/", {"email": "guest-1@guests.invalid"})
    assert not OutboxMessage.objects.exists()


def test_looking_a_person_up_is_one_query(ash: User, counted: Counted) -> None:
    with counted(1):
        User.objects.get_by_natural_key("ash@example.org")
