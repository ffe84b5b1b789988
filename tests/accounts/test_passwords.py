"""A forgotten password, and a changed one."""

import pytest
from django.test import Client

from accounts.models import User
from tests.accounts.mails import kinds_to, mail_to, path_in, text_of
from tests.conftest import signed_in
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "a-dragon-at-dawn"
TWICE = {"password1": NEW, "password2": NEW}
CHANGE = {"oldpassword": PASSWORD, **TWICE}


def can_sign_in(user: User, password: str) -> bool:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client.get("/dashboard/").status_code == 200


def asked_for(client: Client, user: User) -> str:
    """The path of the link in the mail."""
    response = client.post("/accounts/password/reset/", {"email": user.email})
    assert response.headers["Location"] == "/accounts/password/reset/done/"
    return path_in(text_of(mail_to(user.email)))


def test_the_link_in_the_mail_leads_to_a_new_password(client: Client, ash: User) -> None:
    form = client.get(asked_for(client, ash), follow=True)
    assert "Choose a new password" in form.content.decode()
    response = client.post(form.redirect_chain[-1][0], TWICE)
    assert response.headers["Location"] == "/accounts/password/reset/key/done/"
    assert client.get("/accounts/password/reset/key/done/").status_code == 200
    assert can_sign_in(ash, NEW)
    assert not can_sign_in(ash, PASSWORD)
    assert kinds_to(ash.email) == ["password_reset_key", "password_reset"]


def test_the_address_bar_does_not_keep_the_secret_of_the_link(client: Client, ash: User) -> None:
    link = asked_for(client, ash)
    (shown, _) = client.get(link, follow=True).redirect_chain[-1]
    assert link.split("-", 1)[1] not in shown
    assert client.get(link).headers["Referrer-Policy"] in ("same-origin", "strict-origin-when-cross-origin")


def test_a_link_works_once(client: Client, ash: User) -> None:
    link = asked_for(client, ash)
    form = client.get(link, follow=True)
    client.post(form.redirect_chain[-1][0], TWICE)
    again = Client().get(link, follow=True).content.decode()
    assert "This link has been used or is too old" in again


@pytest.mark.parametrize("key", ["1-x", "zzzzzzzzzzzzzzzzzzzzzzzzzzzz-abc", "1-" + "a" * 3000])
def test_a_made_up_link_says_so(client: Client, ash: User, key: str) -> None:
    response = client.get(f"/accounts/password/reset/key/{key}/")
    assert response.status_code == 200
    assert "This link has been used or is too old" in response.content.decode()


def test_two_different_new_passwords_are_refused(client: Client, ash: User) -> None:
    form = client.get(asked_for(client, ash), follow=True)
    response = client.post(form.redirect_chain[-1][0], {**TWICE, "password2": "something-else-1"})
    assert 'id="error-summary"' in response.content.decode()
    assert can_sign_in(ash, PASSWORD)


def test_changing_the_password_signs_other_devices_out_and_tells_by_mail(as_ash: Client, ash: User) -> None:
    elsewhere = signed_in(ash)
    assert as_ash.post("/accounts/password/change/", CHANGE).status_code == 302
    assert as_ash.get("/dashboard/").status_code == 200
    assert elsewhere.get("/dashboard/").status_code == 302
    assert can_sign_in(ash, NEW)
    assert kinds_to(ash.email) == ["password_changed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"oldpassword": "not-the-old-one"},
        {"password2": "not-the-same-1"},
        {"password1": "short", "password2": "short"},
    ],
)
def test_a_change_that_is_wrong_changes_nothing(as_ash: Client, ash: User, wrong: dict[str, str]) -> None:
    response = as_ash.post("/accounts/password/change/", {**CHANGE, **wrong})
    assert 'id="error-summary"' in response.content.decode()
    assert can_sign_in(ash, PASSWORD)
    assert kinds_to(ash.email) == []
