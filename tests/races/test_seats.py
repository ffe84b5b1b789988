"""Eight people want three seats of a live session."""

from functools import partial

from django.db import IntegrityError

from accounts.models import User
from dracarys.db.acting import acting_as_service
from sessions.models import AttendanceStatus, LiveSession, SessionParticipant
from tests.amounts import THREADS
from tests.database.rows import place_of, session_of
from tests.races.cast import newcomer, newcomers
from tests.races.crew import Crew
from tests.races.guards import without_constraint, without_trigger

SEATS = 3
WAITING = AttendanceStatus.WAITLISTED


def register(user: User, session: LiveSession, **fields: str) -> bool:
    """Whether there was a place."""
    try:
        with acting_as_service():
            place_of(user, session, **fields)
    except IntegrityError:
        return False
    return True


def seat_or_wait(user: User, session: LiveSession) -> bool:
    return register(user, session) or not register(user, session, attendance_status=WAITING)


def leave(user: User, session: LiveSession) -> None:
    with acting_as_service():
        SessionParticipant.objects.filter(user=user, session=session).delete()


def taken(session: LiveSession) -> tuple[int, int]:
    """What the counter says, and how many have a seat."""
    session.refresh_from_db()
    seated = session.participants.exclude(attendance_status=WAITING)
    return session.current_participants, seated.count()


def last_seat(crew: Crew) -> None:
    """Exactly as many get a seat as there are, and the others wait."""
    host, *people = newcomers(THREADS + 1)
    session = session_of(host, max_participants=SEATS)
    outcome = crew.race(*[partial(seat_or_wait, user, session) for user in people])
    assert outcome.errors == []
    assert outcome.results.count(True) == SEATS
    assert taken(session) == (SEATS, SEATS)
    assert session.participants.filter(attendance_status=WAITING).count() == THREADS - SEATS


def test_exactly_as_many_get_a_seat_as_there_are(crew: Crew) -> None:
    crew.holds(last_seat)


def test_without_the_check_everybody_gets_one(crew: Crew) -> None:
    with without_constraint("live_sessions", "ck_live_sessions_current_participants_within_max"):
        crew.breaks(last_seat)


def test_without_the_trigger_the_check_sees_nobody(crew: Crew) -> None:
    with without_trigger("session_participants", "session_participants_take_seats"):
        crew.breaks(last_seat)


def change_of_mind(crew: Crew) -> None:
    """Seats that are given up while others book are sold again, none of them twice."""
    host, *people = newcomers(THREADS + 1)
    session = session_of(host, max_participants=SEATS)
    seated, others = people[:SEATS], people[SEATS:]
    for user in seated:
        assert register(user, session)
    leavers = [partial(leave, user, session) for user in seated]
    outcome = crew.race(*leavers, *[partial(register, user, session) for user in others])
    assert outcome.errors == []
    booked = outcome.results.count(True)
    assert taken(session) == (booked, booked)
    assert booked <= SEATS


def test_seats_given_up_while_others_book_are_never_sold_twice(crew: Crew) -> None:
    crew.holds(change_of_mind)


def test_without_the_trigger_the_counter_is_wrong(crew: Crew) -> None:
    with without_trigger("session_participants", "session_participants_take_seats"):
        crew.breaks(change_of_mind)


def one_place(crew: Crew) -> None:
    """However often somebody clicks, they have one place."""
    session, user = session_of(newcomer(), max_participants=THREADS), newcomer()
    outcome = crew.race(*[partial(register, user, session)] * THREADS)
    assert outcome.results.count(True) == 1
    assert taken(session) == (1, 1)


def test_however_often_somebody_clicks_they_have_one_place(crew: Crew) -> None:
    crew.holds(one_place)


def test_without_its_key_they_have_one_for_each_click(crew: Crew) -> None:
    with without_constraint("session_participants", "uq_session_participants_session_id_user_id"):
        crew.breaks(one_place)
