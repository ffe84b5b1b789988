"""Whatever is posted along with a form changes nothing but what the form owns.

Every form that a crawl meets and every address of the site gets every column of every model along with what
it asked for: `is_staff`, `total_xp`, `user_id`, `score`. The rows of the whole database have to be the same
as after the post without them. A new form and a new column are taken along by themselves.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib import messages
from django.db import models
from django.http import HttpRequest

from accounts.models import User
from dracarys.db.acting import acting_as_service
from learning.models import Attempt
from tests.amounts import FULL
from tests.database.rows import one_of_each, undone
from tests.factories.accounts import PASSWORD
from tests.figures import note
from tests.secrecy import house
from tests.secrecy.crawler import Request, Visitor, carefully, crawl
from tests.secrecy.effects import Database, Effect, difference
from tests.secrecy.extra_fields import chunks, extra_fields, extra_to, owned_by_path, view_name, with_more
from tests.secrecy.house import GUEST, LEARNER, NEW, OTHER, VISITOR, House
from tests.secrecy.telling import starts

pytestmark = pytest.mark.django_db
ROLES = (VISITOR, GUEST, LEARNER, NEW) if FULL else (VISITOR, LEARNER, NEW)
# A post that changes nothing by itself would prove nothing.
DOES_SOMETHING = {
    VISITOR: {"account_signup", "account_login"},
    GUEST: {"accounts:profile", "learning:begin"},
    LEARNER: {"accounts:profile", "learning:begin", "learning:continue", "learning:save-answer"},
    NEW: {"accounts:welcome", "account_change_password", "account_reset_password"},
}


@dataclass(slots=True)
class Posts:
    """What one person can post, and which fields each form owns."""

    visitor: Visitor
    requests: list[Request]
    owned: dict[str, set[str]]
    working: set[str] = field(default_factory=set)  # names of those that change something by themselves

    def tampered(self, found: House) -> Iterator[str]:
        """In words every field that nobody asked for and that changed something."""
        database, foreign = Database.read(found.now), _user(found, OTHER).pk
        for request in self.requests:
            alone = database.effect(self.visitor, request)
            self.working |= {view_name(request)} if alone else set()
            for fields in chunks(extra_to(request, self.owned, foreign), room=len(request.data) + 10):
                note("fields posted that no form asked for", len(fields))
                together = database.effect(self.visitor, with_more(request, fields))
                if together != alone:
                    guilty = _guilty(fields, self._differs(database, request, alone))
                    yield f"{guilty} posted along with {request}: {difference(alone, together)}"

    def _differs(
        self, database: Database, request: Request, alone: Effect
    ) -> Callable[[dict[str, str]], bool]:
        return lambda fields: database.effect(self.visitor, with_more(request, fields)) != alone


def _guilty(fields: dict[str, str], differs: Callable[[dict[str, str]], bool]) -> str:
    """The one field that does it, found by halves; or their number, where none does it alone."""
    while len(fields) > 1:
        items = list(fields.items())
        halves = (dict(items[: len(items) // 2]), dict(items[len(items) // 2 :]))
        half = next((one for one in halves if differs(one)), None)
        if half is None:
            return f"{len(fields)} fields together"
        fields = half
    return "".join(f"{name}={value}" for name, value in fields.items())


def _user(found: House, role: str) -> User:
    user = found.people[role]
    assert user is not None
    return user


def posts_of(user: User | None, addresses: list[str]) -> Posts:
    """Every post that this person's pages offer, and a bare one to every address."""
    with undone():
        seen = crawl(Visitor(user), addresses, ways=carefully, again_by_htmx=False)
    offered = [one.request for one in seen if one.request.method != "GET"]
    bare = [Request("POST", address) for address in addresses]
    fullest: dict[object, Request] = {}
    for request in [*offered, *bare]:
        key = request if FULL else (view_name(request), request.htmx)
        if key not in fullest or _worth(request) > _worth(fullest[key]):
            fullest[key] = request
    return Posts(Visitor(user), list(fullest.values()), owned_by_path(seen))


def _worth(request: Request) -> tuple[bool, int]:
    """A paper that was begun by the crawl is gone with it; of the others the fullest says most."""
    paper = request.address.startswith("/attempts/")
    stays = not paper or Attempt.objects.filter(pk=request.address.split("/")[2]).exists()
    return stays, sum(bool(value) for _, value in request.data)


@pytest.fixture
def site() -> House:
    found = house.build()
    one_of_each(_user(found, LEARNER), found.gates["1.1"])
    found.furnish(0)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_a_field_that_the_form_does_not_own_changes_nothing(site: House, role: str) -> None:
    posts = posts_of(site.people[role], starts())
    if role == VISITOR:
        sent = (("login", _user(site, LEARNER).email), ("password", PASSWORD))
        posts.requests.append(Request("POST", "/accounts/login/", sent))
    found = list(posts.tampered(site))
    note("posts that fields were added to", len(posts.requests))
    note("fields that changed what their form does not own", len(found), limit="0")
    assert not found, f"{role}: " + "\n".join(found)
    assert posts.working >= DOES_SOMETHING[role]


def test_the_fields_are_those_that_would_hurt(site: House) -> None:
    hurting = {"is_staff", "is_superuser", "total_xp", "current_level", "user", "user_id", "score", "passed"}
    assert extra_fields(_user(site, OTHER).pk).keys() > hurting | {"banned_until", "plan", "plan_id", "pk"}


def test_a_planted_form_that_takes_everything_is_found(site: House, monkeypatch: pytest.MonkeyPatch) -> None:
    flags = {one.name for one in User._meta.concrete_fields if isinstance(one, models.BooleanField)}
    learner = _user(site, LEARNER)

    def careless(request: HttpRequest, text: str) -> None:
        with acting_as_service():
            User.objects.filter(pk=learner.pk).update(**dict.fromkeys(flags & request.POST.keys(), True))

    posts = posts_of(learner, ["/me/"])
    posts.requests = [one for one in posts.requests if one.address == "/me/"]
    monkeypatch.setattr(messages, "success", careless)
    found = list(posts.tampered(site))
    assert found
    assert all(said.startswith("is_s") and "posted along with POST /me/" in said for said in found)
