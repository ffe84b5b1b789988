"""What a person tells about themselves, written as that person."""

import html
from typing import Any, cast

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User, UserProfile
from dracarys.db.acting import ActingConnection, Actor, person
from tests.conftest import Counted

pytestmark = pytest.mark.django_db
GOOD = {
    "full_name": "Ash of the North",
    "bio": "Candles, mostly.",
    "timezone": "America/Lima",
    "preferred_language": "en",
    "trading_experience": "advanced",
    "trading_goals": ["risk"],
}
VECTOR = '<script>alert("x")</script>'
# Invisible characters that turn the text after them around.
TURNED = "\u202eevil\u202c"


def test_everything_authored_is_saved_and_shown_again(as_ash: Client, ash: User) -> None:
    response = as_ash.post("/me/", GOOD, follow=True)
    page = response.content.decode()
    assert response.redirect_chain == [("/me/", 302)]
    assert "Your profile is saved." in page
    saved = UserProfile.objects.get(pk=ash.pk)
    assert {name: getattr(saved, name) for name in GOOD} == GOOD
    assert saved.timezone_confirmed_at is not None
    assert 'value="Ash of the North"' in page
    assert "Candles, mostly." in page


def test_it_is_written_as_the_person_and_only_the_authored_columns(as_ash: Client, ash: User) -> None:
    updates: list[tuple[str, Actor | None]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("UPDATE"):
            updates.append((sql, cast(ActingConnection, connection).actor))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        as_ash.post("/me/", GOOD)
    ((sql, actor),) = updates
    assert sql.startswith('UPDATE "user_profiles"')
    assert "total_xp" not in sql
    assert actor == person(ash.pk)


def test_xp_and_flame_in_the_form_are_passed_over(as_ash: Client, ash: User) -> None:
    as_ash.post("/me/", {**GOOD, "total_xp": "1000000", "current_level": "50", "id": "x"})
    saved = UserProfile.objects.get(pk=ash.pk)
    assert (saved.full_name, saved.total_xp, saved.current_level) == ("Ash of the North", 0, 1)


def test_nobody_elses_profile_is_touched(as_ash: Client, brand: User) -> None:
    as_ash.post("/me/", {**GOOD, "user": str(brand.pk), "id": str(brand.pk), "pk": str(brand.pk)})
    assert UserProfile.objects.get(pk=brand.pk).full_name == "Brand"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("full_name", "", "Enter the name that others may see"),
        ("full_name", "x" * 81, "at most 80 characters"),
        ("full_name", "x" * 10_000, "at most 80 characters"),
        ("full_name", "a\0b", "Null characters are not allowed"),
        ("bio", "x" * 501, "at most 500 characters"),
        ("bio", "a\0b", "Null characters are not allowed"),
        ("timezone", "", "Choose your time zone"),
        ("timezone", "Europe/Atlantis", "Choose a time zone from the list"),
        ("timezone", "../../etc/passwd", "Choose a time zone from the list"),
        ("timezone", "UTC+3", "Choose a time zone from the list"),
        ("timezone", "UTC\0", "Choose a time zone from the list"),
        ("preferred_language", "xx", "Select a valid choice"),
        ("trading_experience", "wizard", "Select a valid choice"),
        ("trading_goals", ["risk", "riches"], "Select a valid choice"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_sentence_and_the_rest_kept(
    as_ash: Client, ash: User, field: str, value: str | list[str], sentence: str
) -> None:
    response = as_ash.post("/me/", {**GOOD, field: value})
    page = html.unescape(response.content.decode())
    assert response.status_code == 422
    assert 'id="error-summary"' in page
    assert "Error:" in page
    assert sentence in page
    assert ("Ash of the North" if field != "full_name" else "Candles, mostly.") in page
    assert UserProfile.objects.get(pk=ash.pk).full_name == "Ash"


@pytest.mark.parametrize(
    "name", [VECTOR, TURNED, "{{ 7|add:7 }}", "%s %(x)s", "'; DROP TABLE users; --", "😀"]
)
def test_a_hostile_name_is_stored_as_it_is_and_shown_escaped(as_ash: Client, ash: User, name: str) -> None:
    assert as_ash.post("/me/", {**GOOD, "full_name": name, "bio": name}).status_code == 302
    assert UserProfile.objects.get(pk=ash.pk).full_name == name
    for path in ("/me/", "/dashboard/", "/leaderboards/weekly/"):
        response = as_ash.get(path)
        assert response.status_code == 200
        assert VECTOR not in response.content.decode()
    assert html.escape(name) in as_ash.get("/me/").content.decode()


@pytest.mark.parametrize("raw", [b"\xed\xa0\x80", b"\xff\xfe", b"%ED%A0%80", b"%80"])
def test_bytes_that_are_no_text_become_some_or_an_error(as_ash: Client, raw: bytes) -> None:
    body = b"timezone=UTC&preferred_language=en&trading_experience=beginner&full_name=" + raw
    kind = "application/x-www-form-urlencoded"
    response = as_ash.generic("POST", "/me/", body, content_type=kind)
    assert response.status_code in (302, 422)
    assert as_ash.get("/me/").status_code == 200


def test_a_browsers_old_name_of_a_zone_is_accepted(as_ash: Client, ash: User) -> None:
    assert as_ash.post("/me/", {**GOOD, "timezone": "Asia/Calcutta"}).status_code == 302
    assert 'value="Asia/Calcutta" selected' in as_ash.get("/me/").content.decode()


def test_times_follow_the_zone(as_ash: Client, ash: User) -> None:
    as_ash.post("/me/", {**GOOD, "timezone": "Asia/Kolkata"})
    assert "Asia/Kolkata" in as_ash.get("/dashboard/").content.decode()


def test_queries_of_the_profile_page(as_ash: Client, counted: Counted) -> None:
    # Session, person with profile; savepoint of the request and its release.
    with counted(4):
        as_ash.get("/me/")
