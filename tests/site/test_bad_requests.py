"""Wrong methods, broken addresses and far too much of everything: an answer, never a fault."""

import pytest
from django.test import Client

from learning.models import Lesson
from tests.site.addresses import Address, addresses

pytestmark = pytest.mark.django_db
OURS = [one for one in addresses() if not one.name.startswith(("admin:", "account_"))]
ALLAUTH = [one for one in addresses() if one.name.startswith("account_")]
METHODS = ["head", "options", "put", "patch", "delete", "trace"]
BROKEN = [
    "/leaderboards/%00/",
    "/leaderboards/weekly%00/",
    "/leaderboards/" + "x" * 5000 + "/",
    "/leaderboards/%ff%fe/",
    "/leaderboards/%ed%a0%80/",
    "/learn/999999999999/1/",
    "/learn/1/999999999999/",
    "/learn/1/1/999999999999/",
    "/learn/99999999999999999999999999/1/",
    "/learn/" + "9" * 5000 + "/1/",
    "/learn/-1/1/",
    "/learn/0/0/0/",
    "/learn/%D9%A1/1/",
    "/learn/1/1/999999999999/charts/1.json",
    "/attempts/not-a-uuid/",
    "/attempts/00000000-0000-0000-0000-000000000000/result/",
    "/attempts/00000000-0000-0000-0000-000000000000/charts/%00.json",
    "/attempts/00000000-0000-0000-0000-000000000000/charts/" + "x" * 5000 + ".json",
    "/accounts/password/reset/key/%00-%00/",
    "/accounts/password/reset/key/zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz-x/",
    "/%00",
    "/%ed%a0%80",
    "/%252e%252e/",
    "/static/%00.css",
    "/static/../manage.py",
    "/static/" + "x" * 5000 + ".css",
]
QUERIES = [
    "?a=%00",
    "?next=%00",
    "?%00",
    "?a=%ed%a0%80",
    "?" + "a=1&" * 2000,
    "?p=" + "9" * 5000,
    "?cursor=x&page=-1",
]
PAGES = ["/", "/dashboard/", "/path/", "/learn/1/1/1/", "/leaderboards/weekly/", "/achievements/", "/me/"]
ADMIN = [
    "/admin/accounts/user/",
    "/admin/accounts/user/%00/change/",
    "/admin/accounts/outboxmessage/x/change/",
]
ADMIN += ["/admin/accounts/user/?q=%00", "/admin/accounts/user/?o=99.-99", "/admin/%00/", "/admin/jsi18n/%00"]


def named(address: Address) -> str:
    return address.name


@pytest.mark.parametrize("address", OURS, ids=named)
def test_a_wrong_method_is_refused_in_words_that_programs_know(
    as_sol: Client, gate: Lesson, address: Address
) -> None:
    allowed = as_sol.options(address.path).headers["Allow"].lower().split(", ")
    assert allowed
    for method in METHODS:
        status = getattr(as_sol, method)(address.path).status_code
        assert (status == 405) == (method not in allowed), f"{method} answered {status}"


@pytest.mark.parametrize("address", OURS, ids=named)
def test_head_answers_as_get_without_the_page(as_ash: Client, gate: Lesson, address: Address) -> None:
    get, head = as_ash.get(address.path), as_ash.head(address.path)
    assert head.status_code == get.status_code
    assert head.content == b""


@pytest.mark.parametrize("address", ALLAUTH, ids=named)
def test_allauths_pages_know_no_fault_either(as_ash: Client, client: Client, address: Address) -> None:
    for browser in (as_ash, client):
        for method in (*METHODS, "get", "post"):
            assert getattr(browser, method)(address.path).status_code < 500


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path[:50])
def test_a_broken_address_is_no_fault(as_ash: Client, client: Client, gate: Lesson, path: str) -> None:
    for browser in (as_ash, client):
        assert browser.get(path).status_code in (200, 302, 400, 404)
        assert browser.post(path).status_code in (200, 302, 400, 404, 405)


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[:20])
def test_a_broken_question_is_no_fault(as_ash: Client, client: Client, gate: Lesson, query: str) -> None:
    for page in PAGES:
        assert as_ash.get(page + query).status_code in (200, 302, 400)
        assert client.get(page + query).status_code in (200, 302, 400)


@pytest.mark.parametrize("path", ADMIN)
def test_the_admin_knows_no_fault_either(as_sol: Client, path: str) -> None:
    assert as_sol.get(path).status_code in (200, 302, 400, 404)


@pytest.mark.parametrize("cookie", ['"\\000"', "x" * 4000, "é", '"', "../../etc/passwd"])
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "theme", "messages"])
def test_a_broken_cookie_is_nobodys(client: Client, name: str, cookie: str) -> None:
    header = f"{name}={cookie}".encode("utf-8", "replace").decode("latin-1")
    assert client.get("/terms/", HTTP_COOKIE=header).status_code == 200
    assert client.get("/dashboard/", HTTP_COOKIE=header).status_code == 302
    assert client.post("/theme/", {"theme": "dark"}, HTTP_COOKIE=header).status_code == 302


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data", "a/b; charset=nope", ""])
@pytest.mark.parametrize("path", ["/theme/", "/me/", "/accounts/login/", "/learn/1/1/assessment/begin/"])
def test_a_body_that_is_no_form_is_no_fault(as_ash: Client, gate: Lesson, path: str, kind: str) -> None:
    response = as_ash.generic("POST", path, b"\0\xff{[" * 100, content_type=kind)
    assert response.status_code in (200, 302, 400, 422)
