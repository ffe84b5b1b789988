"""A response acts as somebody from its first query to its last byte, and leaves nothing behind."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client

from accounts.models import User, UserProfile
from learning.models import Lesson
from tests.conftest import signed_in
from tests.database import acting_pages
from tests.database.rows import progress_row

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.database.acting_pages"),
]


@pytest.fixture(autouse=True)
def noted() -> Iterator[list[Any]]:
    acting_pages.noted.clear()
    yield acting_pages.noted
    acting_pages.noted.clear()


@pytest.fixture
def quiet(as_ash: Client) -> Client:
    """Ash's browser, to which a failing page answers 500 instead of raising."""
    as_ash.raise_request_exception = False
    return as_ash


def outside() -> tuple[str, str]:
    """Who the test's own connection is after a response: the login role, with nobody set."""
    role, person, _ = acting_pages.who()
    return role, person


def login_role() -> tuple[str, str]:
    return str(connection.settings_dict["USER"]), ""


def streamed(browser: Client) -> StreamingHttpResponse:
    """The response of the streaming page, of which nothing was read yet."""
    return cast(StreamingHttpResponse, browser.get("/stream/"))


def name_of(user: User) -> str | None:
    return UserProfile.objects.get(pk=user.pk).full_name


def test_each_of_three_acts_as_themselves(client: Client, ash: User, sol: User) -> None:
    assert client.get("/who/").json()[:2] == ["anon", ""]
    assert signed_in(ash).get("/who/").json()[:2] == ["authenticated", str(ash.pk)]
    assert signed_in(sol).get("/who/").json()[:2] == ["authenticated", str(sol.pk)]
    assert client.get("/account-like/").json()[:2] == ["service_role", ""]


def test_nothing_is_left_on_a_connection_that_is_used_again(
    client: Client, as_ash: Client, ash: User
) -> None:
    role, person, mine = as_ash.get("/who/").json()
    assert (role, person) == ("authenticated", str(ash.pk))
    assert outside() == login_role()
    assert client.get("/who/").json() == ["anon", "", mine]


@pytest.mark.parametrize("end", ["404", "500", "error", "database-error"])
def test_a_page_that_fails_in_mid_write_writes_nothing(quiet: Client, ash: User, end: str) -> None:
    assert quiet.get(f"/write/{end}/").status_code in (404, 500)
    assert name_of(ash) == "Ash"
    assert outside() == login_role()
    assert not connection.in_atomic_block


@pytest.mark.parametrize("end", ["200", "302", "422"])
def test_a_page_that_answers_keeps_what_it_wrote(as_ash: Client, ash: User, end: str) -> None:
    assert as_ash.get(f"/write/{end}/").status_code == int(end)
    assert name_of(ash) == "Renamed"
    assert outside() == login_role()


def test_a_page_after_a_failed_one_works(quiet: Client, ash: User) -> None:
    quiet.get("/write/database-error/")
    assert quiet.get("/who/").json()[:2] == ["authenticated", str(ash.pk)]


def test_what_a_template_reads_late_is_read_as_the_person(as_ash: Client, ash: User, gate: Lesson) -> None:
    progress_row(ash, gate, position=2)
    assert as_ash.get("/lazy/").content == b"2;authenticated"
    assert outside() == login_role()


def test_a_stream_is_read_as_the_person_to_its_last_byte(as_ash: Client, ash: User, gate: Lesson) -> None:
    progress_row(ash, gate)
    response = streamed(as_ash)
    assert outside() == login_role()
    assert response.getvalue().decode() == f"authenticated;1;{ash.pk}"
    assert outside() == login_role()


def test_a_stream_that_is_given_up_leaves_nobody_acting(as_ash: Client, ash: User) -> None:
    response = streamed(as_ash)
    assert next(iter(response)) == b"authenticated;"
    assert connection.in_atomic_block
    response.close()
    assert outside() == login_role()
    assert not connection.in_atomic_block


def test_callbacks_after_commit_are_the_login_role(as_ash: Client, noted: list[Any]) -> None:
    assert as_ash.get("/after-commit/").json()[0] == "authenticated"
    assert [(role, person) for role, person, _ in noted] == [login_role()]


def test_a_named_step_returns_to_the_person(as_ash: Client, ash: User) -> None:
    me = ["authenticated", str(ash.pk)]
    assert as_ash.get("/step/").json() == [me, ["service_role", ""], me]


def test_a_page_in_steps_holds_no_transaction(as_ash: Client, noted: list[Any]) -> None:
    as_ash.get("/in-steps/")
    assert noted == [(False, login_role()[0])]
    assert outside() == login_role()
