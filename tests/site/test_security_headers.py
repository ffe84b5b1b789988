"""The same strict headers on every answer: whatever address, whoever asks, however it ends."""

import errno
from itertools import chain
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import User
from dracarys.headers import ALWAYS
from learning.models import Lesson
from tests.factories.accounts import PASSWORD
from tests.figures import note
from tests.site.everywhere import Answered, Everywhere
from tests.site.headers import header_faults
from tests.site.markup import markup_faults
from tests.site.production import transport_settings

pytestmark = pytest.mark.django_db


@pytest.fixture
def who(request: pytest.FixtureRequest) -> User | None:
    """Nobody, a learner or staff."""
    name: str = request.param
    return None if name == "anonymous" else request.getfixturevalue(name)


@pytest.fixture
def production(settings: Any) -> None:
    """https and the cookies as they are in production."""
    for name, value in transport_settings().items():
        setattr(settings, name, value)


def faults(answered: Answered) -> list[str]:
    """What is wrong with an answer: headers, cookies, markup, what it leaves in the browser."""
    response, name = answered.response, str(answered.route)
    found = header_faults(response, name)
    if response.status_code >= 500:
        found.append("a fault of ours")
    if response.headers["Content-Type"].startswith("text/html"):
        found += markup_faults(response.content.decode())
    cleared = response.headers.get("Clear-Site-Data")
    if cleared != ('"cache", "storage"' if answered.signed_out() else None):
        found.append(f"Clear-Site-Data: {cleared}")
    return [f"{name}: {one}" for one in found]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["anonymous", "ash", "sol"], indirect=True)
def test_every_address_answers_with_all_headers(who: User | None, production: None, method: str) -> None:
    answers = list(map(faults, Everywhere().ask(method, who, secure=True)))
    found = list(chain(*answers))
    note("answers whose headers, cookies and markup were checked", len(answers))
    note("faults in headers, cookies and markup", len(found), limit="0")
    assert found == []


ENDINGS = {
    "/": 302,
    "/dashboard/": 200,
    "/nope/": 404,
    "/theme/": 405,
    "/learn/1/1/assessment/begin/": 405,
    "/admin/logout/": 302,
    "/learn/1/2/2/charts/1.json": 302,
    "/dashboard/?x=%00": 400,
    "/healthz": 200,
    "/readyz": 200,
    "/static/nope.css": 404,
}


@pytest.mark.parametrize("path", ENDINGS, ids=lambda path: path[:30])
def test_however_it_ends(as_ash: Client, second_gate: Lesson, path: str) -> None:
    response = as_ash.get(path)
    assert response.status_code == ENDINGS[path]
    assert header_faults(response, path) == []


def test_a_page_for_others(as_ash: Client) -> None:
    response = as_ash.get("/admin/", follow=True)
    assert response.status_code == 403
    assert header_faults(response, "403") == []


def test_a_form_without_its_token(ash: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(ash)
    response = client.post("/me/", {})
    assert response.status_code == 403
    assert header_faults(response, "403_csrf") == []


def test_a_form_with_errors_and_one_that_is_far_too_big(as_ash: Client) -> None:
    for form, status in (({"full_name": ""}, 422), ({"full_name": "x" * 2_000_000}, 400)):
        response = as_ash.post("/me/", form)
        assert response.status_code == status
        assert header_faults(response, str(status)) == []


def test_a_host_that_is_not_ours(client: Client) -> None:
    response = client.get("/", HTTP_HOST="evil.example")
    assert response.status_code == 400
    assert header_faults(response, "400") == []


def test_the_way_to_https(client: Client, production: None) -> None:
    response = client.get("/terms/")
    assert response.headers["Location"] == "https://testserver/terms/"
    # Over plain http a browser passes that one header over.
    assert header_faults(response, "terms") == ["Strict-Transport-Security: None"]


def test_too_much_at_once(client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post("/accounts/login/", {})
    response = client.post("/accounts/login/", {})
    assert response.status_code == 429
    assert header_faults(response, "429") == []


FAULTS = [(ZeroDivisionError(), 500), (OperationalError(), 503), (OSError(errno.ENOSPC, "full"), 507)]


@pytest.mark.parametrize(("error", "status"), FAULTS)
def test_a_fault_of_ours(
    as_ash: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise error

    monkeypatch.setattr("dracarys.views.dashboard_of", broken)
    as_ash.raise_request_exception = False
    response = as_ash.get("/dashboard/")
    assert response.status_code == status
    assert header_faults(response, str(status)) == []


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_a_static_file(client: Client, method: str) -> None:
    response = getattr(client, method)("/static/css/app.css")
    response.close()  # a static file is open until it was sent
    assert header_faults(response, "" if method != "post" else "405") == []


def test_a_static_file_that_the_browser_has_already(client: Client) -> None:
    first = client.get("/static/css/app.css")
    first.close()
    again = client.get("/static/css/app.css", headers={"If-None-Match": first.headers["ETag"]})
    again.close()
    assert again.status_code == 304
    assert header_faults(again) == []


def test_an_answer_to_htmx(as_ash: Client, gate: Lesson) -> None:
    response = as_ash.get("/learn/1/1/2/", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert header_faults(response, "learning:block") == []


def test_signing_in_and_out(client: Client, ash: User) -> None:
    form = {"login": ash.email, "password": PASSWORD}
    answers = [client.get("/accounts/login/"), client.post("/accounts/login/", form)]
    assert {"sessionid", "csrftoken"} <= client.cookies.keys()
    answers += [client.post("/theme/", {"theme": "dark"}), client.post("/accounts/logout/")]
    assert {"theme", "messages"} <= client.cookies.keys()
    for answer in answers:
        assert header_faults(answer, "signing in") == []


SPOILT: dict[str, dict[str, str | None]] = {
    "no policy": {"Content-Security-Policy": None},
    "a loose policy": {"Content-Security-Policy": "default-src 'self'"},
    "frames": {"X-Frame-Options": "SAMEORIGIN"},
    "sniffing": {"X-Content-Type-Options": None},
    "referrers": {"Referrer-Policy": "unsafe-url"},
    "windows of others": {"Cross-Origin-Opener-Policy": None},
    "use by others": {"Cross-Origin-Resource-Policy": "cross-origin"},
    "reading by others": {"Access-Control-Allow-Origin": "*"},
    "a camera": {"Permissions-Policy": ALWAYS["Permissions-Policy"].replace("camera=()", "camera=(self)")},
    "sensors and payment": {"Permissions-Policy": None},
    "kept by the browser": {"Cache-Control": "private, max-age=60"},
    "kept by anybody": {"Cache-Control": "public, no-store"},
    "the same for everybody": {"Vary": "Accept-Language"},
    "talk": {"X-Powered-By": "Django"},
    "the server": {"Server": "granian"},
}


@pytest.mark.parametrize("what", SPOILT)
def test_the_check_sees_what_is_missing(as_ash: Client, what: str) -> None:
    response = as_ash.get("/dashboard/")
    assert header_faults(response, "dashboard") == []
    for name, value in SPOILT[what].items():
        del response.headers[name]
        if value:
            response.headers[name] = value
    assert header_faults(response, "dashboard") != []


@pytest.mark.parametrize(
    "cookie",
    [
        {"key": "theme"},
        {"key": "theme", "httponly": True},
        {"key": "theme", "httponly": True, "samesite": "None"},
        {"key": "theme", "httponly": True, "samesite": "Lax", "path": "/me/"},
        {"key": "theme", "httponly": True, "samesite": "Lax", "domain": "example.org"},
        {"key": "anything", "httponly": True, "samesite": "Lax"},
    ],
)
def test_the_check_sees_a_loose_cookie(client: Client, cookie: dict[str, Any]) -> None:
    response = client.get("/terms/")
    assert header_faults(response, "terms") == []
    response.set_cookie(**cookie)
    assert header_faults(response, "terms") != []
