"""Signing in and out, and what is remembered of it."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.adapters import SESSION_ID
from accounts.models import Activity, User
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
GOOD = {"login": "ash@example.org", "password": PASSWORD}
AGENT = "Mozilla/5.0 (dusk)"


def is_in(client: Client) -> bool:
    return client.get("/dashboard/").status_code == 200


def logged(user: User) -> Activity:
    return Activity.objects.get(user=user, activity_type="login")


def test_the_right_password_opens_the_dashboard(client: Client, ash: User) -> None:
    assert client.post("/accounts/login/", GOOD).headers["Location"] == "/dashboard/"
    assert is_in(client)


def test_one_comes_back_to_the_page_one_wanted(client: Client, ash: User) -> None:
    wanted = client.get("/achievements/").headers["Location"]
    assert wanted == "/accounts/login/?next=/achievements/"
    response = client.post(wanted, {**GOOD, "next": "/achievements/"})
    assert response.headers["Location"] == "/achievements/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_never_leads_to_another_site(client: Client, ash: User, elsewhere: str) -> None:
    response = client.post("/accounts/login/", {**GOOD, "next": elsewhere})
    assert response.headers["Location"] == "/dashboard/"


@pytest.mark.parametrize(
    "wrong",
    [
        {**GOOD, "password": "wrong-horse-battery"},
        {**GOOD, "login": "nobody@example.org"},
        {**GOOD, "login": "a\0sh@example.org"},
        {**GOOD, "login": "ash@example.org" * 700},
        {**GOOD, "login": "\u202eash@example.org"},
        {**GOOD, "password": "\0" * 5000},
    ],
)
def test_anything_else_is_refused_and_kept_out(client: Client, ash: User, wrong: dict[str, str]) -> None:
    response = client.post("/accounts/login/", wrong)
    page = response.content.decode()
    assert response.status_code == 200
    assert 'id="error-summary"' in page
    assert wrong["password"] not in page
    assert not is_in(client)
    assert not Activity.objects.exists()


def test_signing_out_asks_by_form_and_ends_the_session(client: Client, ash: User) -> None:
    client.post("/accounts/login/", GOOD)
    assert client.get("/accounts/logout/").status_code == 200
    assert is_in(client)
    assert client.post("/accounts/logout/").headers["Location"] == "/"
    assert not is_in(client)


def test_a_session_key_from_before_signing_in_is_worthless_after_it(client: Client, ash: User) -> None:
    client.get("/accounts/login/")
    client.session.save()
    before = client.session.session_key
    client.post("/accounts/login/", GOOD)
    assert client.session.session_key != before


def test_signing_in_is_logged_with_address_agent_and_an_id_that_is_not_the_session_key(
    client: Client, ash: User
) -> None:
    client.post("/accounts/login/", GOOD, REMOTE_ADDR="203.0.113.9", HTTP_USER_AGENT=AGENT + "x" * 500)
    row = logged(ash)
    assert row.ip_address == "203.0.113.9"
    assert row.user_agent == (AGENT + "x" * 500)[:300]
    assert str(row.session_id) == client.session[SESSION_ID]
    assert str(client.session.session_key) not in str(row.session_id)


def test_the_next_sign_in_gets_another_id(client: Client, ash: User) -> None:
    for _ in range(2):
        client.post("/accounts/login/", GOOD)
        client.post("/accounts/logout/")
    assert len(set(Activity.objects.values_list("session_id", flat=True))) == 2


@pytest.mark.parametrize(("proxies", "believed"), [(0, "203.0.113.9"), (1, "198.51.100.7"), (2, "192.0.2.1")])
def test_a_forwarded_address_is_believed_as_far_as_our_proxies_reach(
    client: Client, ash: User, settings: Settings, proxies: int, believed: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    forwarded = "10.9.8.7, 192.0.2.1, 198.51.100.7"
    client.post("/accounts/login/", GOOD, REMOTE_ADDR="203.0.113.9", HTTP_X_FORWARDED_FOR=forwarded)
    assert logged(ash).ip_address == believed


def test_the_admin_sends_everybody_through_our_own_sign_in(client: Client, sol: User) -> None:
    response = client.get("/admin/accounts/user/")
    assert response.headers["Location"] == "/accounts/login/?next=/admin/accounts/user/"
    assert client.get("/admin/login/").headers["Location"].startswith("/accounts/login/")
    posted = client.post("/admin/login/", {"username": sol.email, "password": PASSWORD})
    assert posted.headers["Location"].startswith("/accounts/login/")
    client.post("/accounts/login/", {"login": sol.email, "password": PASSWORD})
    assert client.get("/admin/accounts/user/").status_code == 200


def test_the_admin_shuts_out_a_signed_in_learner(as_ash: Client) -> None:
    assert as_ash.get("/admin/accounts/user/", follow=True).status_code == 403
