"""What the cases of tests/bad_input broke when they first ran, each by its name."""

import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Activity, User
from billing.models import SubscriptionPlan
from learning import quiz_taking
from learning.content import ContentErrors, parse_content
from learning.models import Lesson, Level
from tests.admin.test_hostile_json import PLAN
from tests.factories.accounts import PASSWORD
from tests.factories.learning import answers_to, content

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("cookie", ['"aaaaaaaa\\000"', "aaaaaaaa\0", '"a\\000b"'])
@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "messages", "theme"])
def test_a_cookie_with_a_nul_however_it_is_written(client: Client, name: str, cookie: str) -> None:
    answer = client.get("/terms/", HTTP_COOKIE=f"{name}={cookie}")
    # A browser can keep the quoted one, and would be locked out; a bare NUL comes from no browser.
    assert answer.status_code == (400 if "\0" in cookie else 200)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "logged"),
    [
        (2, "198.51.100.7", "198.51.100.7"),
        (3, "192.0.2.1, 198.51.100.7", "192.0.2.1"),
        (2, "", "203.0.113.9"),
        (1, "unknown", "203.0.113.9"),
        (2, ",", "203.0.113.9"),
        (1, "192.0.2.1:4711", "192.0.2.1"),
        (1, "[2001:db8::1]:4711", "2001:db8::1"),
        (1, "fe80::1%eth0", "fe80::1"),
        (1, "'; --", "203.0.113.9"),
    ],
)
def test_a_forwarded_address_with_fewer_entries_than_proxies_or_with_none_that_is_one(
    client: Client, ash: User, settings: Any, proxies: int, forwarded: str, logged: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    sent = {"REMOTE_ADDR": "203.0.113.9", "HTTP_X_FORWARDED_FOR": forwarded}
    answer = client.post("/accounts/login/", {"login": ash.email, "password": PASSWORD}, **sent)  # type: ignore[arg-type]
    assert answer.status_code == 302
    assert Activity.objects.get(user=ash).ip_address == logged


@pytest.mark.parametrize("remote", ["", "unix:", "not an address"])
def test_a_connection_without_any_address(client: Client, ash: User, remote: str) -> None:
    form = {"login": ash.email, "password": PASSWORD}
    assert client.post("/accounts/login/", form, REMOTE_ADDR=remote).status_code == 302
    assert Activity.objects.get(user=ash).ip_address is None


def test_a_paper_whose_gate_is_taken_out_of_use(as_ash: Client, ash: User, gate: Lesson) -> None:
    attempt = quiz_taking.begin(user_id=ash.pk, lesson_id=gate.pk, at=timezone.now())
    Level.objects.update(is_active=False)
    for answer in (
        as_ash.get(attempt.get_absolute_url(), follow=True),
        as_ash.post(f"{attempt.get_absolute_url()}submit/", answers_to(attempt), follow=True),
    ):
        assert answer.status_code == 200
        assert "This gate is being rewritten and will be back." in answer.content.decode()
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


@pytest.mark.parametrize("author", ["7", " ", "'; --", "00000000-0000-0000-0000-000000000000"])
def test_a_chosen_person_who_is_no_key(as_sol: Client, author: str) -> None:
    answer = as_sol.post("/admin/community/post/add/", {"title": "T", "content": "C", "author": author})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


@pytest.mark.parametrize("path", ["community/post", "auth/group", "billing/subscriptionplan"])
def test_a_chosen_row_of_a_list_that_is_no_key(as_sol: Client, path: str) -> None:
    form = {"action": "delete_selected", "_selected_action": ["7x", "\0", " "], "index": "0"}
    answer = as_sol.post(f"/admin/{path}/", form)
    assert answer.status_code in (302, 400)  # an empty list asks nothing of the database


@pytest.mark.parametrize(
    "path",
    [
        "/admin/account/emailaddress/?email__regex=(a{9999})",
        "/admin/accounts/user/?date_joined__year=99999999",
        "/admin/account/emailaddress/?id__range=",
        "/admin/account/emailaddress/?id__range=" + "x," * 3_000,
        "/admin/r/1/not-a-key/",
        "/admin/gamification/xpevent/?_to_field=",
        "/admin/billing/subscriptionplan/add/?_to_field=",
    ],
)
def test_nonsense_in_an_address_of_the_admin(as_sol: Client, path: str) -> None:
    assert as_sol.get(path).status_code in (200, 302, 400, 404)


def test_a_row_that_is_looked_up_by_a_field_without_a_name(as_sol: Client, ash: User) -> None:
    for path in (
        f"/admin/accounts/user/{ash.pk}/change/?_to_field=",
        "/admin/accounts/user/1/change/?_to_field=",
    ):
        assert as_sol.get(path).status_code == 400
        assert as_sol.post(path, {}).status_code == 400


@pytest.mark.parametrize("length", ["many", "-1", "1.5", "\u0663", "9" * 400])
def test_a_body_whose_length_is_no_number(client: Client, length: str) -> None:
    answer = client.post("/accounts/login/", {}, CONTENT_LENGTH=length)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ("[NaN]", "0: is not a number that can be stored"),
        ("[1, -Infinity]", "1: is not a number that can be stored"),
        ("[1e400]", "0: is not a number that can be stored"),
        ('["a\\u0000b"]', "0: has a character that cannot be stored"),
        ('[{"a": {"\\ud800": 1}}]', "0, a: has a character that cannot be stored"),
        ('[{"a": 1, "a": 2}]', "The key &#x27;a&#x27; stands twice"),
        ("[" * 200 + "]" * 200, "nested too deeply"),
        ("[" + "9" * 400 + "]", "is too long"),
    ],
)
def test_json_that_postgresql_refuses_or_python_loses(as_sol: Client, features: str, said: str) -> None:
    answer = as_sol.post("/admin/billing/subscriptionplan/add/", {**PLAN, "features": features})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert not SubscriptionPlan.objects.exists()


def test_a_kind_of_block_as_long_as_a_book_is_not_repeated_whole() -> None:
    wrong = content()
    wrong["blocks"][0]["type"] = "x" * 1_000_000
    with pytest.raises(ContentErrors) as caught:
        parse_content(wrong)
    assert len(json.dumps(caught.value.sentences)) < 1_000
