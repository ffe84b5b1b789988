"""One person for each role of the policy, with things of their own and things of others in sight."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from learning import quiz_taking
from learning.models import Attempt, Lesson
from learning.publishing import publish
from sessions.models import LiveSession
from tests.admin.rows import ROWS
from tests.authorisation.admin_pages import REGISTERED, place_of
from tests.authorisation.policy import POLICY
from tests.conftest import signed_in
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.billing import subscribe
from tests.factories.blocks import checkpoint, lesson_of, reflection
from tests.factories.learning import assessment, chart, content, make_gate, take
from tests.site.addresses import Route

SOON = dt.timedelta(days=1)


def _new(role: str, **fields: object) -> User:
    """A person whose address tells the role; guests have a placeholder."""
    domain = "guests.invalid" if fields.get("is_guest") else "example.org"
    return UserFactory.create(email=f"{role.replace(' ', '-')}@{domain}", **fields)


def _unverified(role: str) -> User:
    user = _new(role, terms_accepted_at=None, email_confirmed_at=None)
    EmailAddress.objects.filter(user=user).update(verified=False)
    return user


def _team_owner(role: str) -> User:
    """Pays for a plan; teams come later."""
    user = _new(role)
    subscribe(user)
    return user


def _host(role: str) -> User:
    user = _new(role)
    LiveSession.objects.create(host=user, title="A session", scheduled_at=timezone.now(), duration=SOON)
    return user


def _of_the_staff(role: str) -> User:
    """Staff, in a group with the permissions that the policy gives them."""
    user = _new(role, is_staff=True)
    group = Group.objects.create(name=role)
    for line in POLICY.permissions[role]:
        app, deed = line.split(".")
        held = Permission.objects.filter(content_type__app_label=app)
        group.permissions.add(*(held if deed == "*" else held.filter(codename__startswith=f"{deed}_")))
    user.groups.add(group)
    return user


PEOPLE: dict[str, Callable[[str], User | None]] = {
    "anonymous": lambda role: None,
    "guest": lambda role: _new(role, is_guest=True, terms_accepted_at=None, email_confirmed_at=None),
    "unverified": _unverified,
    "learner": _new,
    "other learner": _new,
    "team owner": _team_owner,
    "host": _host,
    "moderator": _of_the_staff,
    "staff": _of_the_staff,
    "superuser": lambda role: StaffFactory.create(email=f"{role}@example.org"),
    "suspended": _new,
    "inactive": _new,
}


@dataclass(slots=True)
class World:
    """The cast and what they can reach for. Attempts are kept by role and by what is special about them."""

    people: dict[str, User | None]
    sessions: dict[str, str] = field(default_factory=dict)
    attempts: dict[tuple[str, str], Attempt] = field(default_factory=dict)
    rows: dict[type[Model], Any] = field(default_factory=dict)

    @property
    def users(self) -> dict[str, User]:
        """Those who are somebody."""
        return {role: user for role, user in self.people.items() if user is not None}

    def stranger(self, role: str) -> str:
        """Whose things are somebody else's to this role."""
        return "other learner" if role == "learner" else "learner"

    def attempt(self, role: str, which: str) -> Attempt:
        """This role's own; where somebody is nobody, the learner's."""
        return self.attempts[role if self.people[role] else "learner", which]

    def row_of(self, route: Route) -> dict[str, Any]:
        """The row that an address of the admin points to, as the part of the address that says so."""
        page = place_of(route)
        ours = [part for part in route.parts if part in ("object_id", "id")]
        return dict.fromkeys(ours, self.rows[page.model]) if page else {}


def make_world() -> World:
    """Everybody signed in while they could be; then one is suspended and one's account is closed."""
    world = World({role: make(role) for role, make in PEOPLE.items()})
    _make_attempts(world)
    _make_rows(world)
    world.sessions = {role: signed_in(user).cookies["sessionid"].value for role, user in world.users.items()}
    User.objects.filter(pk=world.users["suspended"].pk).update(banned_until=timezone.now() + SOON)
    User.objects.filter(pk=world.users["inactive"].pk).update(is_active=False)
    return world


def _make_course() -> dict[str, Lesson]:
    """Gates of level 1 in every state that a gate can be in."""
    every = lesson_of(*content()["blocks"], checkpoint(), reflection())
    first = make_gate(1, 1, content_data=every)
    return {
        "own": first,
        "locked": make_gate(1, 2, requires=[first], content_data=every),
        "graded": make_gate(1, 3),
        "of a closed gate": make_gate(1, 4),
        "out of use": make_gate(1, 5, is_active=False, content_data=every),
        "with a chart": _gate_with_a_chart(),
    }


def _gate_with_a_chart() -> Lesson:
    lesson = make_gate(1, 6)
    asked = [question | {"chart": chart()} for question in assessment()["questions"]]
    publish(lesson, content_data=content(), assessment_data=assessment() | {"questions": asked})
    return lesson


def _make_attempts(world: World) -> None:
    """Each person has open papers, a graded one, and an open one whose gate was closed meanwhile."""
    course, now = _make_course(), timezone.now()
    for role, user in world.users.items():
        for which in ("own", "of a closed gate", "with a chart"):
            begun = quiz_taking.begin(user_id=user.pk, lesson_id=course[which].pk, at=now)
            world.attempts[role, which] = begun
        world.attempts[role, "graded"] = take(user, course["graded"], at=now, mistakes=5)
    Lesson.objects.filter(pk=course["of a closed gate"].pk).update(prerequisites=[course["locked"].pk])


def _make_rows(world: World) -> None:
    """A row of each model in the admin: one that is there, or a new one."""
    world.rows[User] = world.users["learner"].pk
    world.rows[EmailAddress] = EmailAddress.objects.get(user=world.users["unverified"]).pk
    world.rows[Lesson] = Lesson.objects.get(is_active=False).pk  # nobody began it, so it may be deleted
    for model in REGISTERED:
        if model not in world.rows:
            world.rows[model] = (model._default_manager.order_by("pk").first() or ROWS[model]()).pk


def nobodys() -> uuid.UUID:
    """The id of nothing. As long as any other, so that two pages can be compared."""
    return uuid.UUID("00000000-0000-4000-8000-000000000007")
