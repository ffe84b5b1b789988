"""Impatience at the door: one person, one profile, one welcome, and never an error page."""

import datetime as dt
import itertools
import uuid
from functools import partial
from http.cookies import SimpleCookie
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.test import Client

from accounts import people
from accounts.adapters import AccountAdapter
from accounts.models import OutboxMessage, User, UserProfile
from dracarys.db.acting import acting_as, person
from tests.accounts.mails import code_in, text_of
from tests.amounts import THREADS
from tests.database.rows import NOON
from tests.races.cast import newcomer
from tests.races.crew import Crew
from tests.races.guards import meet, without_constraint, without_index

SECRET = "a-dragon-at-dusk"
SECOND = dt.timedelta(seconds=1)
_hosts = itertools.count()


def visitor() -> Client:
    """A browser at an address of its own, for some limits count by address."""
    host = next(_hosts)
    return Client(REMOTE_ADDR=f"10.1.{host // 250}.{host % 250 + 1}", raise_request_exception=False)


def signing_up(browser: Client, email: str) -> tuple[int, str]:
    answer = browser.post("/accounts/signup/", {"email": email, "password1": SECRET})
    return answer.status_code, answer.headers.get("Location", "")


def not_looking_at(patch: pytest.MonkeyPatch, condition: str) -> None:
    """Whatever is asked of people, this condition is passed over."""
    strict = User.objects.filter

    def lenient(*args: Any, **conditions: Any) -> Any:
        return strict(*args, **{name: value for name, value in conditions.items() if name != condition})

    patch.setattr(User.objects, "filter", lenient)


# --- Signing up --------------------------------------------------------------------------------------


def sign_up(crew: Crew) -> None:
    """Whoever signs up twice at once is one person with one profile."""
    emails = [f"{uuid.uuid4().hex}@example.org" for _ in range(THREADS // 2)]
    outcome = crew.race(*[partial(signing_up, visitor(), email) for email in emails * 2])
    assert outcome.errors == []
    assert set(outcome.results) == {(302, "/accounts/confirm-email/")}
    for rows in (
        User.objects.filter(email__in=emails),
        UserProfile.objects.filter(user__email__in=emails),
        EmailAddress.objects.filter(email__in=emails),
    ):
        assert rows.count() == len(emails)


def test_signing_up_twice_at_once_makes_one_person(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has looked whether the address is taken before anybody takes it."""
    meet(monkeypatch, AccountAdapter, "save_user", parties=THREADS)
    crew.holds(sign_up)


def test_without_their_keys_it_makes_two(crew: Crew, monkeypatch: pytest.MonkeyPatch) -> None:
    meet(monkeypatch, AccountAdapter, "save_user", parties=THREADS)
    lowered = without_index("users", "uq_users_email_lower")
    with without_constraint("users", "users_email_key"), lowered:
        crew.breaks(sign_up)


# --- Confirming --------------------------------------------------------------------------------------


def confirming(browser: Client, email: str, code: str) -> tuple[int, str, object]:
    """Status and place of the answer, and when the address counts as confirmed by then."""
    answer = browser.post("/accounts/confirm-email/", {"code": code})
    moment = User.objects.values_list("email_confirmed_at", flat=True).get(email=email)
    return answer.status_code, answer.headers.get("Location", ""), moment


def confirm(crew: Crew) -> None:
    """A code that is sent twice confirms once, and every answer leads in."""
    browser, email = visitor(), f"{uuid.uuid4().hex}@example.org"
    signing_up(browser, email)
    code = code_in(text_of(OutboxMessage.objects.get(recipient=email)))
    tabs = [visitor() for _ in range(THREADS)]
    for tab in tabs:
        tab.cookies = SimpleCookie({name: morsel.value for name, morsel in browser.cookies.items()})
    outcome = crew.race(*[partial(confirming, tab, email, code) for tab in tabs])
    assert outcome.errors == []
    assert {status for status, _, _ in outcome.results} == {302}
    # Whoever comes when the session has already been replaced is asked to sign in.
    assert {place for _, place, _ in outcome.results} <= {"/dashboard/", "/accounts/login/"}
    moments = {moment for _, _, moment in outcome.results}
    assert len(moments) == 1
    assert moments != {None}
    assert any(SESSION_KEY in tab.session for tab in tabs)
    assert list(EmailAddress.objects.filter(email=email).values_list("verified", "primary")) == [(True, True)]


def test_a_code_that_is_sent_twice_confirms_once(crew: Crew) -> None:
    crew.holds(confirm)


def test_without_a_look_whether_it_is_confirmed_the_moment_moves(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_looking_at(monkeypatch, "email_confirmed_at__isnull")
    crew.breaks(confirm)


# --- Welcome -----------------------------------------------------------------------------------------


def welcome(crew: Crew) -> None:
    """The terms are accepted once: nobody at the same page moves the moment."""
    user = newcomer()
    User.objects.filter(pk=user.pk).update(terms_accepted_at=None)

    def accept(number: int) -> dt.datetime | None:
        answers = {"full_name": "Ember", "timezone": "UTC", "trading_experience": "beginner"}
        with acting_as(person(user.pk)):
            people.welcome(user_id=user.pk, trading_goals=[], at=NOON + number * SECOND, **answers)
        return User.objects.values_list("terms_accepted_at", flat=True).get(pk=user.pk)

    outcome = crew.race(*[partial(accept, number) for number in range(THREADS)])
    assert outcome.errors == []
    assert len(set(outcome.results)) == 1


def test_the_terms_are_accepted_once(crew: Crew) -> None:
    crew.holds(welcome)


def test_without_a_look_whether_they_are_accepted_the_moment_moves(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    not_looking_at(monkeypatch, "terms_accepted_at__isnull")
    crew.breaks(welcome)
