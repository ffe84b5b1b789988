"""Forty people want ten seats."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError

from accounts.models import User
from dracarys.db.acting import acting_as_service
from sessions.models import LiveSession, SessionParticipant
from tests.database.guards import without_constraint
from tests.database.rows import place_of, run, session_of
from tests.factories.accounts import UserFactory
from tests.races import Outcome, race

pytestmark = pytest.mark.django_db(transaction=True)
SEATS, PEOPLE = 10, 40


@pytest.fixture
def session() -> LiveSession:
    return session_of(UserFactory.create(), max_participants=SEATS, duration=dt.timedelta(hours=1))


def register(user: User, session: LiveSession) -> Callable[[], bool]:
    def door() -> bool:
        try:
            with acting_as_service():
                place_of(user, session)
        except IntegrityError:
            return False
        return True

    return door


def everybody_registers(session: LiveSession) -> Outcome:
    return race(*[register(user, session) for user in UserFactory.create_batch(PEOPLE)])


@contextmanager
def uncounted() -> Iterator[None]:
    run("ALTER TABLE session_participants DISABLE TRIGGER session_participants_take_seats")
    try:
        yield
    finally:
        run("ALTER TABLE session_participants ENABLE TRIGGER session_participants_take_seats")


def test_exactly_as_many_get_a_seat_as_there_are(session: LiveSession) -> None:
    outcome = everybody_registers(session)
    session.refresh_from_db()
    assert outcome.errors == []
    assert outcome.results.count(True) == SEATS
    assert (session.current_participants, SessionParticipant.objects.count()) == (SEATS, SEATS)


def test_without_the_check_every_seat_is_sold_four_times(session: LiveSession) -> None:
    """The control: the trigger counts right, but nothing refuses."""
    with without_constraint("live_sessions", "ck_live_sessions_current_participants_within_max"):
        outcome = everybody_registers(session)
        session.refresh_from_db()
    assert outcome.results.count(True) == PEOPLE
    assert session.current_participants == PEOPLE


def test_without_the_trigger_the_check_sees_nobody(session: LiveSession) -> None:
    """The control: nothing counts, so nothing refuses."""
    with uncounted():
        outcome = race(*[register(user, session) for user in UserFactory.create_batch(SEATS + 5)])
    assert outcome.results.count(True) == SEATS + 5
