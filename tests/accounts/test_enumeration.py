"""Nobody learns from our answers who has an account."""

import re

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.mails import kinds_to
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "ash@example.org", "nobody@example.org"
Answer = tuple[int, str, tuple[str, ...], str]


def answer(page: str, form: dict[str, str]) -> Answer:
    """Status, redirect, cookies and the page it ends on, without tokens and addresses."""
    client = Client()
    response = client.post(page, form)
    text = (
        client.get(response.headers["Location"]).content if response.status_code == 302 else response.content
    )
    plain = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text.decode())
    plain = re.sub("ash@example.org|nobody@example.org", "ADDRESS", plain)
    return response.status_code, response.headers.get("Location", ""), tuple(sorted(client.cookies)), plain


def test_signing_up_with_a_known_address_looks_like_any_other(ash: User) -> None:
    known, unknown = (
        answer("/accounts/signup/", {"email": email, "password1": "a-dragon-at-dusk"})
        for email in (KNOWN, UNKNOWN)
    )
    assert known == unknown
    assert kinds_to(KNOWN) == ["account_already_exists"]
    assert kinds_to(UNKNOWN) == ["email_confirmation_signup"]
    ash.refresh_from_db()
    assert ash.check_password(PASSWORD)


def test_resetting_the_password_of_nobody_looks_like_any_other(ash: User) -> None:
    known, unknown = (answer("/accounts/password/reset/", {"email": email}) for email in (KNOWN, UNKNOWN))
    assert known == unknown
    assert kinds_to(KNOWN) == ["password_reset_key"]
    assert kinds_to(UNKNOWN) == ["unknown_account"]


def test_signing_in_as_nobody_looks_like_a_wrong_password(ash: User) -> None:
    known, unknown = (
        answer("/accounts/login/", {"login": email, "password": "wrong-horse-battery"})
        for email in (KNOWN, UNKNOWN)
    )
    assert known == unknown


def test_a_wrong_code_tells_nothing_either(ash: User) -> None:
    pages = []
    for email in (KNOWN, UNKNOWN):
        client = Client()
        client.post("/accounts/signup/", {"email": email, "password1": "a-dragon-at-dusk"})
        response = client.post("/accounts/confirm-email/", {"code": "AAAAAA"})
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
        pages.append((response.status_code, text.replace(email, "ADDRESS")))
    assert pages[0] == pages[1]


def test_the_comparison_sees_a_difference(ash: User) -> None:
    wrong, none = ({"login": KNOWN, "password": password} for password in ("wrong-horse-battery", ""))
    assert answer("/accounts/login/", wrong) != answer("/accounts/login/", none)
