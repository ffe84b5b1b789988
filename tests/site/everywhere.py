"""Asks every address of the site as somebody, with things of theirs where an address wants some."""

import dataclasses
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import quiz_taking
from learning.publishing import publish
from tests.admin.rows import ROWS
from tests.amounts import amount
from tests.conftest import signed_in
from tests.factories.learning import assessment, chart, content, make_gate
from tests.site.addresses import EXAMPLES, Route, routes

AT_THE_DOOR = amount(6, 1)


def browser_of(user: User | None) -> Client:
    client = signed_in(user) if user else Client()
    client.raise_request_exception = False
    return client


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """What an address answered, and the browser it answered to."""

    route: Route
    response: Any
    client: Client
    user: User | None

    def signed_out(self) -> bool:
        """Whether somebody was signed in before and nobody is now."""
        name = settings.SESSION_COOKIE_NAME
        if self.user is None or name not in self.response.cookies:
            return False
        return SESSION_KEY not in self.client.session


class Everywhere:
    """Addresses that lead somewhere: a gate with charts, and a row of each model that the admin shows."""

    def __init__(self) -> None:
        self.rows = {model._meta.label_lower.replace(".", "_"): make().pk for model, make in ROWS.items()}
        self.gate = make_gate(1, 1)
        questions = assessment()
        questions["questions"][0]["chart"] = chart()
        publish(self.gate, content_data=content(), assessment_data=questions)

    def ask(self, method: str, user: User | None, **how: Any) -> Iterator[Answered]:
        """Every address, from one browser; from a new one after each that signs people out.

        Whoever is not of the staff is met at the admin's door: in `make test` at some of its addresses.
        """
        values = EXAMPLES | {"number": 2} | self._attempt(user)
        client = browser_of(user)
        for number, route in enumerate(routes()):
            behind_the_door = route.text.startswith("admin/") and not (user and user.is_staff)
            if behind_the_door and number % AT_THE_DOOR:
                continue
            response = getattr(client, method)(self._path(route, values), **how)
            answered = Answered(route, response, client, user)
            if answered.signed_out():
                client = browser_of(user)
            yield answered

    def _attempt(self, user: User | None) -> dict[str, Any]:
        if user is None:
            return {}
        attempt = quiz_taking.begin(user_id=user.pk, lesson_id=self.gate.pk, at=timezone.now())
        token = next(question["token"] for question in attempt.paper["questions"] if question["chart"])
        return {"attempt_id": attempt.pk, "token": token}

    def _path(self, route: Route, values: dict[str, Any]) -> str:
        unknown = set(route.parts) - values.keys()
        assert not unknown, f"{route}: add an example of {unknown} to EXAMPLES in tests/site/addresses.py"
        row = self.rows.get(route.name.removeprefix("admin:").rpartition("_")[0])
        mine = values | ({"object_id": row} if row else {})
        return route.path({part: mine[part] for part in route.parts})
