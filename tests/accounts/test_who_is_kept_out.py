"""Suspended and inactive people neither get in nor stay in."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Activity, User
from tests.accounts.mails import mail_to, path_in, text_of
from tests.conftest import signed_in
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
STATES = ["suspended", "inactive"]


def keep_out(user: User, state: str) -> None:
    if state == "suspended":
        user.banned_until = timezone.now() + dt.timedelta(days=1)
    else:
        user.is_active = False
    user.save(update_fields=["banned_until", "is_active"])


@pytest.mark.parametrize("state", STATES)
def test_they_do_not_get_in_and_are_told(client: Client, ash: User, state: str) -> None:
    keep_out(ash, state)
    response = client.post("/accounts/login/", {"login": ash.email, "password": PASSWORD}, follow=True)
    assert "This account is switched off" in response.content.decode()
    assert "_auth_user_id" not in client.session
    assert not Activity.objects.exists()
    assert client.get("/dashboard/").status_code == 302


@pytest.mark.parametrize("state", STATES)
def test_the_wrong_password_tells_nothing_about_them(client: Client, ash: User, state: str) -> None:
    keep_out(ash, state)
    wrong = {"login": ash.email, "password": "wrong-horse-battery"}
    assert "switched off" not in client.post("/accounts/login/", wrong, follow=True).content.decode()


@pytest.mark.parametrize("state", STATES)
def test_they_do_not_stay_in(as_ash: Client, ash: User, state: str) -> None:
    assert as_ash.get("/dashboard/").status_code == 200
    keep_out(ash, state)
    for path in ("/dashboard/", "/path/", "/me/"):
        assert as_ash.get(path).headers["Location"] == f"/accounts/login/?next={path}"


@pytest.mark.parametrize("state", STATES)
def test_staff_too(sol: User, state: str) -> None:
    client = signed_in(sol)
    assert client.get("/admin/").status_code == 200
    keep_out(sol, state)
    assert client.get("/admin/").status_code == 302


def test_a_suspension_that_is_over_keeps_nobody_out(client: Client, ash: User) -> None:
    ash.banned_until = timezone.now() - dt.timedelta(seconds=1)
    ash.save(update_fields=["banned_until"])
    client.post("/accounts/login/", {"login": ash.email, "password": PASSWORD})
    assert client.get("/dashboard/").status_code == 200


def test_a_suspended_person_cannot_get_in_by_a_new_password(client: Client, ash: User) -> None:
    keep_out(ash, "suspended")
    client.post("/accounts/password/reset/", {"email": ash.email})
    form = client.get(path_in(text_of(mail_to(ash.email))), follow=True)
    new = {"password1": "another-dragon-1", "password2": "another-dragon-1"}
    client.post(form.redirect_chain[-1][0], new)
    assert client.get("/dashboard/").status_code == 302
    client.post("/accounts/login/", {"login": ash.email, "password": "another-dragon-1"})
    assert client.get("/dashboard/").status_code == 302
