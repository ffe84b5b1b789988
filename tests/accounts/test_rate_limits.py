"""Too much at once is refused with a page of our own, also while Redis is away."""

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import OutboxMessage, User
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
# Nobody listens on port 1.
REDIS_IS_AWAY = {
    "default": {"BACKEND": "dracarys.cache.DegradingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
}


@pytest.fixture(params=["cache is there", "redis is away"], autouse=True)
def _redis(request: pytest.FixtureRequest, settings: Settings) -> None:
    if request.param == "redis is away":
        from django.core.cache import cache

        settings.CACHES = REDIS_IS_AWAY
        cache.clear()


def guess(client: Client, address: str = "ash@example.org", place: str = "192.0.2.1") -> str:
    form = {"login": address, "password": "wrong-horse-battery"}
    return client.post("/accounts/login/", form, REMOTE_ADDR=place).content.decode()


def test_five_wrong_passwords_close_the_door_for_that_address_even_to_the_right_one(
    client: Client, ash: User, brand: User
) -> None:
    for n in range(5):
        assert "Too many" not in guess(client, place=f"192.0.2.{n}")
    right = {"login": ash.email, "password": PASSWORD}
    page = client.post("/accounts/login/", right, REMOTE_ADDR="192.0.2.99").content.decode()
    assert "Too many" in page
    assert client.get("/dashboard/").status_code == 302
    client.post("/accounts/login/", {"login": brand.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.99")
    assert client.get("/dashboard/").status_code == 200


def test_one_place_may_not_try_many_addresses(client: Client) -> None:
    pages = [guess(client, f"person{n}@example.org") for n in range(11)]
    assert all("Too many" not in page for page in pages[:10])
    assert "Too many" in pages[10]


def test_the_page_of_too_much_is_our_own(client: Client) -> None:
    statuses = []
    for _ in range(21):
        response = client.post("/accounts/login/", {"login": "", "password": ""})
        statuses.append(response.status_code)
    assert statuses == [200] * 20 + [429]
    page = response.content.decode()
    assert "That was a lot at once" in page
    assert 'class="site-header"' in page
    assert client.get("/accounts/login/").status_code == 200
    assert client.post("/accounts/login/", {}, REMOTE_ADDR="192.0.2.99").status_code == 200


def test_an_address_gets_three_reset_mails_an_hour(client: Client, ash: User) -> None:
    statuses = [
        client.post("/accounts/password/reset/", {"email": ash.email}, REMOTE_ADDR=f"192.0.2.{n}").status_code
        for n in range(4)
    ]
    assert statuses == [302, 302, 302, 429]
    assert OutboxMessage.objects.count() == 3


def test_ten_people_an_hour_may_sign_up_from_one_place(client: Client) -> None:
    statuses = [
        Client()
        .post("/accounts/signup/", {"email": f"new{n}@example.org", "password1": "a-dragon-at-dusk"})
        .status_code
        for n in range(11)
    ]
    assert statuses == [302] * 10 + [429]
    assert User.objects.count() == 10
