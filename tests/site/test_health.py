"""What a load balancer asks."""

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from tests.conftest import Counted


def test_alive_without_a_database(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_ready_costs_one_query(client: Client, counted: Counted) -> None:
    with counted(1):
        response = client.get("/readyz")
    assert response.json() == {"database": "ok", "cache": "ok"}


@pytest.mark.django_db
def test_not_ready_without_a_database(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*args: object) -> None:
        raise OperationalError("CANARY")

    monkeypatch.setattr(connection, "cursor", gone)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "CANARY" not in response.content.decode()


@pytest.mark.django_db
def test_a_missing_redis_is_told_but_the_site_is_ready(client: Client, settings: Settings) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "dracarys.cache.DegradingRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    cache.get("anything")
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"database": "ok", "cache": "degraded"}


@pytest.mark.django_db
def test_no_session_is_made_for_the_balancer(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        response = client.get(path, HTTP_HOST="10.0.0.1")
        assert response.status_code == 200
        assert not response.cookies
