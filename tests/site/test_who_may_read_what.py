"""Every page wants a signed-in person, save those that are listed here."""

import pytest
from django.test import Client
from django.urls import resolve

from tests.site.addresses import Address, addresses

pytestmark = pytest.mark.django_db
PUBLIC = {
    "home",
    "theme",
    "terms",
    "risk",
    "licences",
    "help",
    "mailbox",
    "mailbox-message",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
READABLE = [
    "/",
    "/terms/",
    "/risk/",
    "/licences/",
    "/help/",
    "/mail/",
    "/accounts/login/",
    "/accounts/signup/",
]
READABLE += ["/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/inactive/"]
ALL = addresses()


def named(address: Address) -> str:
    return address.name


def test_the_public_pages_are_exactly_these() -> None:
    public = {one.name for one in ALL if getattr(resolve(one.path).func, "login_required", True) is False}
    assert public == PUBLIC


@pytest.mark.parametrize("address", [one for one in ALL if one.name not in PUBLIC], ids=named)
def test_a_stranger_is_sent_to_sign_in(client: Client, address: Address) -> None:
    for method in ("get", "post"):
        response = getattr(client, method)(address.path)
        assert response.status_code == 302
        place, _, wanted = response.headers["Location"].partition("?next=")
        assert place in ("/accounts/login/", "/admin/login/")
        assert wanted == address.path


@pytest.mark.parametrize("path", READABLE)
def test_a_stranger_reads_what_is_public(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "</html>" in response.content.decode()


@pytest.mark.parametrize("path", READABLE[:6])
def test_a_learner_reads_it_too(as_ash: Client, path: str) -> None:
    assert as_ash.get(path, follow=True).status_code == 200


def test_the_component_page_is_for_staff(as_ash: Client, as_sol: Client) -> None:
    assert as_ash.get("/studio/components/").status_code == 302
    assert as_sol.get("/studio/components/").status_code == 200
