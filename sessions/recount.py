"""Nightly: taken seats of live sessions against the places that take them."""

from django.db import connection

from dracarys.lib import drift
from dracarys.lib.drift import Difference

SEATS = """
    SELECT 'seats of session ' || s.id, s.current_participants, count(p.id)::int
    FROM live_sessions s
    LEFT JOIN session_participants p ON p.session_id = s.id AND p.attendance_status <> 'waitlisted'
    GROUP BY s.id
    HAVING s.current_participants <> count(p.id)
    ORDER BY 1
"""


def differences() -> list[Difference]:
    """Every session whose taken seats differ from a recount. One query."""
    with connection.cursor() as cursor:
        cursor.execute(SEATS)
        return [Difference(*row) for row in cursor.fetchall()]


def report() -> int:
    """Log every difference as an error; how many there are."""
    return drift.report(differences())
