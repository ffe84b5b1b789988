"""Pages for what goes wrong: our own, with the way back and without a traceback."""

import datetime as dt
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.utils import timezone

from accounts import people
from accounts.models import User, UserProfile
from dracarys import views

pytestmark = pytest.mark.django_db


@pytest.fixture
def breaking(as_ash: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Ash's browser at a site whose dashboard does not work."""

    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError("CANARY of the inside")

    monkeypatch.setattr(views, "dashboard_of", broken)
    as_ash.raise_request_exception = False
    return as_ash


def page_of(response: Any, status: int) -> str:
    """The page, checked for what every error page has and has not."""
    page: str = response.content.decode()
    assert response.status_code == status
    assert 'class="site-header"' in page
    assert f'<p class="kicker">{status}</p>' in page
    for inside in ("Traceback", "CANARY", ".py", "Exception"):
        assert inside not in page
    return page


@pytest.mark.parametrize("path", ["/nope/", "/learn/9/9/", "/static/nope.css", "/.env", "/wp-login.php"])
def test_an_unknown_address(as_ash: Client, path: str) -> None:
    assert "There is nothing at this address" in page_of(as_ash.get(path), 404)


def test_an_unknown_address_for_a_stranger(client: Client) -> None:
    assert "There is nothing at this address" in page_of(client.get("/nope/"), 404)


@pytest.mark.parametrize("path", ["/theme/", "/accounts/login/", "/accounts/signup/"])
def test_a_form_without_its_token_says_that_it_was_open_too_long(path: str) -> None:
    client = Client(enforce_csrf_checks=True)
    assert "This form was open too long" in page_of(client.post(path, {"theme": "dark"}), 403)


def test_a_signed_in_persons_form_without_its_token_changes_nothing(ash: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ash)
    page_of(client.post("/me/", {"full_name": "Taken over"}), 403)
    assert UserProfile.objects.get(pk=ash.pk).full_name == "Ash"


def test_a_form_from_another_site_is_refused(ash: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ash)
    client.get("/me/")
    token = client.cookies["csrftoken"].value
    form = {"theme": "dark", "csrfmiddlewaretoken": token}
    page_of(client.post("/theme/", form, HTTP_ORIGIN="https://evil.example"), 403)
    assert client.post("/theme/", form, HTTP_ORIGIN="http://testserver").status_code == 302


def test_a_page_that_is_for_others(as_ash: Client) -> None:
    assert "not open to you" in page_of(as_ash.get("/admin/", follow=True), 403)


def test_an_address_far_too_long(client: Client) -> None:
    assert "We could not read that" in page_of(client.get("/dashboard/?x=" + "y" * 30_000), 400)


def test_a_form_far_too_big(as_ash: Client) -> None:
    form = {"full_name": "x" * 2_000_000}
    assert "We could not read that" in page_of(as_ash.post("/me/", form), 400)


def test_a_fault_of_ours(breaking: Client) -> None:
    assert "Something broke on our side" in page_of(breaking.get("/dashboard/"), 500)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_database_that_went_away_asks_to_come_back(
    breaking: Client, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise error("CANARY: server closed the connection")

    monkeypatch.setattr(views, "dashboard_of", gone)
    response = breaking.get("/dashboard/")
    assert "Nothing was lost" in page_of(response, 503)
    assert response.headers["Retry-After"] == "5"


def test_a_fault_in_mid_write_leaves_nothing_written(
    breaking: Client, ash: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = people.update_profile

    def write_and_break(**values: object) -> None:
        write(**values)  # type: ignore[arg-type]
        raise ZeroDivisionError

    monkeypatch.setattr(people, "update_profile", write_and_break)
    form = {
        "full_name": "Half written",
        "timezone": "UTC",
        "preferred_language": "en",
        "trading_experience": "beginner",
    }
    page_of(breaking.post("/me/", form), 500)
    assert UserProfile.objects.get(pk=ash.pk).full_name == "Ash"


def test_a_host_that_is_not_ours_is_refused(client: Client) -> None:
    response = client.get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert "evil.example" not in response.content.decode()


def test_a_suspended_persons_404_is_a_strangers(ash: User, as_ash: Client) -> None:
    ash.banned_until = timezone.now() + dt.timedelta(days=1)
    ash.save(update_fields=["banned_until"])
    assert "Ash" not in page_of(as_ash.get("/nope/"), 404)
