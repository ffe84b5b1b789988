"""The same strict headers on every kind of answer."""

import pytest
from django.test import Client

from accounts.models import User
from learning.models import Lesson
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
PUBLIC = ["/", "/accounts/login/", "/nope/", "/mail/", "/healthz", "/readyz", "/admin/login/", "/terms/"]
INSIDE = [
    "/dashboard/",
    "/path/",
    "/learn/1/1/2/",
    "/learn/1/1/2/chart.json",
    "/leaderboards/weekly/",
    "/me/",
]
STAFF = ["/admin/", "/admin/accounts/user/", "/admin/accounts/user/add/", "/studio/components/"]


def policy(client: Client, path: str) -> dict[str, str]:
    header = client.get(path).headers["Content-Security-Policy"]
    return {name: values for name, _, values in (part.strip().partition(" ") for part in header.split(";"))}


@pytest.mark.parametrize("path", PUBLIC)
def test_the_policy_is_strict_for_strangers(client: Client, path: str) -> None:
    assert policy(client, path) == STRICT


@pytest.mark.parametrize("path", INSIDE)
def test_the_policy_is_strict_for_learners(as_ash: Client, gate: Lesson, path: str) -> None:
    assert as_ash.get(path).status_code == 200
    assert policy(as_ash, path) == STRICT


@pytest.mark.parametrize("path", STAFF)
def test_the_policy_is_strict_in_the_admin(as_sol: Client, path: str) -> None:
    response = as_sol.get(path)
    assert response.status_code == 200
    assert policy(as_sol, path) == STRICT
    page = response.content.decode()
    assert " style=" not in page
    assert "<style" not in page


def test_the_policy_is_strict_on_faults(as_ash: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dracarys.views.dashboard_of", lambda *args, **kwargs: 1 / 0)
    as_ash.raise_request_exception = False
    assert as_ash.get("/dashboard/").status_code == 500
    assert policy(as_ash, "/dashboard/") == STRICT


@pytest.mark.parametrize("path", [*PUBLIC[:4], *INSIDE[:1], "/static/css/app.css"])
def test_nothing_is_framed_sniffed_or_told_elsewhere(as_ash: Client, path: str) -> None:
    response = as_ash.get(path)
    response.close()  # a static file is open until it was sent
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    if not path.startswith("/static/"):
        assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_a_persons_page_is_kept_by_no_shared_cache(as_ash: Client) -> None:
    assert "Cookie" in as_ash.get("/dashboard/").headers["Vary"]


def test_scripts_cannot_read_the_cookies(client: Client, ash: User) -> None:
    client.post("/accounts/login/", {"login": "ash@example.org", "password": PASSWORD})
    for name in ("sessionid", "csrftoken"):
        cookie = client.cookies[name]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
