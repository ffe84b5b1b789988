"""All that one learner was offered, asked for again by others: nothing of hers is shown, told or changed."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoDbBlocker

from dracarys.db.acting import acting_as_service
from learning import papers, quiz_taking
from learning.models import Attempt
from tests.amounts import FULL
from tests.database.rows import one_of_each, undone
from tests.factories.accounts import UserFactory
from tests.figures import note
from tests.secrecy import house, personal
from tests.secrecy.comparing import UUID, seen_in
from tests.secrecy.crawler import Request, Visitor, carefully, crawl
from tests.secrecy.extra_fields import view_name
from tests.secrecy.house import GUEST, LEARNER, OTHER, VISITOR, House
from tests.secrecy.replaying import Owner, Reader, complaints, mixed, owner_of
from tests.secrecy.rows_of import rows_of
from tests.secrecy.telling import starts

pytestmark = pytest.mark.django_db
SUSPENDED = "a suspended person"
READERS = (VISITOR, GUEST, OTHER, SUSPENDED)
KNOWN = (GUEST, OTHER)
# Her own, on her own pages: proof that the crawl can see.
SHE_SEES = {"users.email", "user_profiles.full_name", "user_profiles.bio", "xp_events.reason"}
Scene = tuple[House, Owner]


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """A learner with rows in every table, all marked, who has been everywhere; no row stays behind."""
    with django_db_blocker.unblock(), undone():
        found = house.build()
        ash = found.people[LEARNER]
        assert ash is not None
        one_of_each(ash, found.gates["1.1"])
        found.furnish(0)
        _begin(found, OTHER)
        _begin(found, GUEST)
        marks = personal.mark(ash, "ash")
        shown = crawl(Visitor(ash), starts(), ways=carefully, again_by_htmx=False)
        seen = {marks[mark] for mark in seen_in(shown, marks)}
        assert seen >= SHE_SEES, "the crawl saw too little of what is the learner's own"
        yield found, owner_of(ash, marks, (one.request for one in shown))


def _begin(found: House, role: str) -> None:
    user = found.people[role]
    assert user is not None
    quiz_taking.begin(user_id=user.pk, lesson_id=found.gates["1.1"].pk, at=found.now)


def reader(found: House, name: str) -> Reader:
    user = found.people.get(name)
    if name == SUSPENDED:
        user = UserFactory.create(banned_until=found.now + dt.timedelta(days=30))
    return Reader(found, name, Visitor(user), known=name in KNOWN)


def all_complaints(scene: Scene, name: str, part: str = "") -> list[str]:
    """Everything this reader gets to see or does, by each of the learner's requests."""
    found, owner = scene
    who = reader(found, name)
    asked = [one for one in (*owner.offered, *mixed(owner, who)) if part in one.address]
    if not FULL:
        asked = _one_of_each_sort(asked)
    if name == SUSPENDED and not FULL:  # who is a visitor to the site: what changes something will do
        asked = [one for one in asked if one.method != "GET"]
    if not part:
        note("requests of one person replayed as somebody else", len(asked))
    return [said for request in asked for said in complaints(owner, who, request)]


def _one_of_each_sort(asked: list[Request]) -> list[Request]:
    """Of those for one view about the same things the one that sends most."""
    found: dict[object, Request] = {}
    for request in asked:
        sort = (view_name(request), request.method, request.htmx, frozenset(UUID.findall(str(request))))
        if sort not in found or len(request.data) > len(found[sort].data):
            found[sort] = request
    return list(found.values())


@pytest.mark.parametrize("name", READERS)
def test_nobody_else_is_shown_or_changes_anything_of_hers(scene: Scene, name: str) -> None:
    found = all_complaints(scene, name)
    note("replays that showed or changed what is somebody else's", len(found), limit="0")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("name", "status"), [(VISITOR, 302), (SUSPENDED, 302), (GUEST, 200), (OTHER, 200)])
def test_the_readers_are_let_in_as_far_as_they_should(scene: Scene, name: str, status: int) -> None:
    found, owner = scene
    shown, _ = reader(found, name).answers(owner, Request("GET", "/dashboard/"))
    assert shown.status == status


def test_she_was_offered_every_sort_of_thing(scene: Scene) -> None:
    """Else the replay proves little: open papers, results, charts, saved answers, forms about herself."""
    offered = "\n".join(map(str, scene[1].offered))
    for part in ("/result/", "/save/", "/submit/", "/charts/", "POST /me/", "POST /accounts/email/"):
        assert part in offered
    _, owner = scene
    named = [one for one in owner.offered if any(known in str(one) for known in owner.ids)]
    assert len(named) > 10
    assert len({table for table, _ in rows_of(owner.user)}) > 15


# --- The proof of the proof ---------------------------------------------------------------------------


def _shown_to_anybody(patch: pytest.MonkeyPatch) -> None:
    def careless(*, user_id: Any, attempt_id: Any) -> Attempt:
        with acting_as_service():
            return Attempt.objects.select_related("version").get(pk=attempt_id)

    patch.setattr(papers, "own_attempt", careless)


def _saved_by_anybody(patch: pytest.MonkeyPatch) -> None:
    def careless(*, attempt_id: Any, at: Any, **more: Any) -> None:
        with acting_as_service():
            Attempt.objects.filter(pk=attempt_id).update(last_seen_at=at)

    patch.setattr(quiz_taking, "save_answers", careless)


def _known_to_exist(patch: pytest.MonkeyPatch) -> None:
    honest = papers.own_attempt

    def careless(*, user_id: Any, attempt_id: Any) -> Attempt:
        with acting_as_service():
            if Attempt.objects.filter(pk=attempt_id).exclude(user_id=user_id).exists():
                raise PermissionDenied
        return honest(user_id=user_id, attempt_id=attempt_id)

    patch.setattr(papers, "own_attempt", careless)


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (_shown_to_anybody, "what is somebody else's is 404"),
        (_saved_by_anybody, "attempts lost or changed"),
        (_known_to_exist, "the same with ids of nothing was answered otherwise (404)"),
    ],
)
def test_a_planted_hole_is_found(
    scene: Scene,
    plant: Callable[[pytest.MonkeyPatch], None],
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(monkeypatch)
    assert words in "\n".join(all_complaints(scene, OTHER, "/attempts/"))
    note("holes planted on purpose that were found", 1)
