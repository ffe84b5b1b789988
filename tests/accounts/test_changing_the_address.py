"""Another e-mail address: it counts from the moment its code was entered."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.accounts.mails import code_in, kinds_to, mail_to, text_of
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "ash@new.example"


def change(client: Client, email: str = NEW) -> int:
    return client.post("/accounts/email/", {"email": email, "action_add": ""}, follow=True).status_code


def test_nothing_changes_before_the_code(as_ash: Client, ash: User) -> None:
    assert change(as_ash) == 200
    ash.refresh_from_db()
    assert ash.email == "ash@example.org"
    assert kinds_to(NEW) == ["email_confirmation"]


def test_the_code_changes_it_and_the_old_address_is_told(as_ash: Client, ash: User) -> None:
    first = ash.email_confirmed_at
    change(as_ash, "Ash@New.Example")
    as_ash.post("/accounts/confirm-email/", {"code": code_in(text_of(mail_to(NEW)))})
    ash.refresh_from_db()
    assert ash.email == NEW
    assert ash.email_confirmed_at == first
    assert list(EmailAddress.objects.filter(user=ash).values_list("email", "verified")) == [(NEW, True)]
    assert "email_changed" in kinds_to("ash@example.org")
    client = Client()
    client.post("/accounts/login/", {"login": NEW, "password": PASSWORD})
    assert client.get("/dashboard/").status_code == 200


def test_a_wrong_code_changes_nothing(as_ash: Client, ash: User) -> None:
    change(as_ash)
    as_ash.post("/accounts/confirm-email/", {"code": "AAAAAA"})
    ash.refresh_from_db()
    assert ash.email == "ash@example.org"


def test_somebody_elses_address_is_not_taken_away(as_ash: Client, ash: User, brand: User) -> None:
    change(as_ash, "BRAND@example.org")
    ash.refresh_from_db()
    brand.refresh_from_db()
    assert (ash.email, brand.email) == ("ash@example.org", "brand@example.org")
    assert not EmailAddress.objects.filter(user=ash, email="brand@example.org", verified=True).exists()


@pytest.mark.parametrize("bad", ["", "no-address", "a\0@b.example", "x" * 10_000 + "@b.example"])
def test_a_bad_address_is_refused_with_a_sentence(as_ash: Client, ash: User, bad: str) -> None:
    response = as_ash.post("/accounts/email/", {"email": bad, "action_add": ""})
    assert response.status_code == 200
    assert 'id="error-summary"' in response.content.decode()
