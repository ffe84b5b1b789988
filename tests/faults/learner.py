"""Somebody new at an open paper, and everything that handing it in has done."""

import uuid
from typing import Any

from dracarys.demo import Logins
from learning.questions import KINDS, as_form
from tests.faults.site import Answer, Browser, Site

NEWCOMER = """
    WITH person AS (
        INSERT INTO users (id, email, password, terms_accepted_at)
        SELECT %s, %s, password, now() FROM users WHERE email = %s
        RETURNING id, email
    )
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    SELECT id, email, true, true FROM person
"""
EFFECTS = {
    "attempts": "SELECT number, state, passed, score FROM attempts WHERE user_id = %s",
    "progress": "SELECT completed, score, attempts_count FROM user_progress WHERE user_id = %s",
    "ledger": "SELECT source, amount FROM xp_events WHERE user_id = %s ORDER BY 1, 2",
    "profile": "SELECT total_xp, current_level FROM user_profiles WHERE id = %s",
    "streak": "SELECT current_streak, longest_streak FROM user_streaks WHERE user_id = %s",
    "boards": "SELECT period, xp_points, lessons_completed FROM leaderboard WHERE user_id = %s ORDER BY 1",
    "medals": "SELECT achievement_id FROM user_achievements WHERE user_id = %s ORDER BY 1",
    "log": "SELECT activity_type, count(*) FROM user_activity_log WHERE user_id = %s"
    " AND activity_type <> 'login' GROUP BY 1 ORDER BY 1",
}
PAPER = """
    SELECT attempts.paper, lesson_versions.rendered
    FROM attempts JOIN lesson_versions ON lesson_versions.id = attempts.version_id WHERE attempts.id = %s
"""


class Learner:
    """A new person, signed in, before a paper whose every answer they know."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser, self.id = site, browser, uuid.uuid4()
        self.email = f"{self.id.hex}@example.org"
        site.change(NEWCOMER, self.id, self.email, Logins().learner)
        assert browser.sign_in(self.email).path == "/dashboard/"
        browser.get("/learn/1/1/assessment/")
        self.paper = browser.post("/learn/1/1/assessment/begin/").path
        self.answers = self._right_answers()

    def submit(self) -> Answer:
        """Press the button, or reload the page that came after it."""
        return self.browser.post(f"{self.paper}submit/", **self.answers)

    def effects(self) -> dict[str, list[tuple[Any, ...]]]:
        """What is written of this person, without times and ids of their own."""
        return {name: self.site.rows(query, self.id) for name, query in EFFECTS.items()}

    @property
    def attempt(self) -> str:
        """The id of the attempt."""
        return self.paper.split("/")[2]

    def _right_answers(self) -> dict[str, list[str]]:
        ((paper, rendered),) = self.site.rows(PAPER, self.attempt)
        stored = {question["id"]: question for question in rendered["questions"]}
        found: dict[str, list[str]] = {}
        for one in paper["questions"]:
            found |= as_form(one["token"], KINDS[one["type"]].solution(stored[one["id"]], one))
        return found
