"""Nothing about right answers, later prices or closed gates leaves the server before grading.

Each role reads all that the site offers it, in worlds that differ in their secrets only: which answer is
right, feedback, explanations, prices after a chart's window, drafts and closed gates. Every byte, header,
cookie and mail has to be the same, and no marked secret may appear; afterwards it has to, or the crawl is
blind.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from learning import checkpoints, papers, questions, quiz_taking
from learning.blocks.checkpoint import paper_of
from learning.questions.single_choice import SingleChoice
from tests.amounts import FULL, amount
from tests.database.rows import undone
from tests.figures import note
from tests.secrecy import house, samples
from tests.secrecy.comparing import differences, leaks, seen_in, shown_in
from tests.secrecy.crawler import briefly, carefully, choosing
from tests.secrecy.house import LEARNER, ROLES, House
from tests.secrecy.samples import SECRET, WORLDS, marks_in
from tests.secrecy.telling import Told, furnished, tell

pytestmark = pytest.mark.django_db
INSIDE = re.compile(r"/learn/1/1/(\d+)/(check/)?")
TRIED = range(amount(2, WORLDS))
MEETS_PAPERS = (house.GUEST, house.LEARNER, house.OTHER)


@dataclass(frozen=True, slots=True)
class Everything:
    """What each role was told in each world before grading."""

    house: House
    told: dict[tuple[str, int], Told]


@pytest.fixture(scope="module")
def everything(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Everything]:
    """Crawled once for all tests of this file; no row stays behind."""
    with django_db_blocker.unblock(), undone():
        found = house.build()
        told: dict[tuple[str, int], Told] = {}
        for world in TRIED:
            with furnished(found, world):
                told |= {(role, world): _told(found, role) for role in ROLES}
        count = sum(len(one.responses) for one in told.values())
        note("responses compared between worlds that differ in their secrets only", count)
        yield Everything(found, told)


def _told(found: House, role: str) -> Told:
    """In `make test` only a learner sends every form in every way, and asks for each page by htmx too."""
    thoroughly = FULL or role == LEARNER
    return tell(found, role, ways=carefully if thoroughly else briefly, again_by_htmx=thoroughly)


by_role = pytest.mark.parametrize("role", ROLES)


def test_every_kind_of_block_and_question_has_a_sample() -> None:
    lacking = samples.missing()
    note("kinds of block and question with a sample", len(samples.BLOCKS) + len(samples.QUESTIONS))
    assert not lacking, "\n".join(lacking)


def test_a_new_kind_and_a_new_field_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    class Essay(SingleChoice):
        tolerance: float = 0

    monkeypatch.setitem(questions.KINDS, "single_choice", Essay)
    monkeypatch.setitem(questions.KINDS, "essay", Essay)
    field, kind = samples.missing()
    assert (
        "has a field 'tolerance' that its sample lacks: add it to _single_choice in tests/secrecy/" in field
    )
    assert 'add to QUESTIONS in tests/secrecy/samples.py:  "essay": _essay,' in kind


@by_role
def test_every_response_is_the_same_to_the_byte_whatever_the_secrets_are(
    everything: Everything, role: str
) -> None:
    for world in TRIED[1:]:
        found = differences(everything.told[role, 0], everything.told[role, world])
        note("responses that told one world from another", len(found), limit="0")
        assert not found, f"{role} can tell which answer is right:\n" + "\n".join(found)


@by_role
def test_no_secret_is_shown_mailed_logged_or_cached(everything: Everything, role: str) -> None:
    for world in TRIED:
        told, marks = everything.told[role, world], everything.house.forbidden(role, world)
        kept = {"a mail": told.mailed, "a log": told.logged, "the cache": told.cached}
        texts = shown_in(told) + [(where, text) for where, some in kept.items() for text in some]
        found = leaks(marks, texts)
        note("canaries searched in what people were shown", len(marks))
        note("canaries found before grading", len(found), limit="0")
        assert not found, f"{role} was told before grading:\n" + "\n".join(found)


@pytest.mark.parametrize("role", MEETS_PAPERS)
def test_the_crawl_sees_all_that_is_open(everything: Everything, role: str) -> None:
    told, marks = everything.told[role, 0], everything.house.to_be_seen(role, 0)
    assert seen_in(told.responses, marks) == marks
    statuses = {one.status for one in told.responses if one.request.address.endswith(("/save/", "/submit/"))}
    assert statuses >= {204, 422}, "no answer was saved, or no incomplete paper handed in"
    assert told.logged
    assert told.cached
    assert bool(told.mailed) is (role != house.GUEST)


@by_role
def test_no_page_fails_on_the_way(everything: Everything, role: str) -> None:
    assert [str(one.request) for one in everything.told[role, 0].responses if one.status >= 500] == []


def test_the_secrets_of_the_worlds_have_nothing_in_common(everything: Everything) -> None:
    one, other = (
        {mark for mark in everything.house.forbidden(LEARNER, world) if SECRET in mark} for world in (0, 1)
    )
    assert len(one - other) == len(other - one) > 40
    assert house.hidden_bars(0) ^ house.hidden_bars(1)


def test_after_grading_every_secret_of_the_paper_is_told(everything: Everything) -> None:
    """Whoever gave each of the answers has read each feedback, and nothing of any other gate."""
    first = len(samples.BLOCKS) + 1
    inside = [f"/learn/1/1/{first + n}/" for n in range(len(samples.QUESTIONS))]
    asked = ["/learn/1/1/assessment/", *inside]
    secrets = {mark for mark in marks_in(house.written("1.1", 0)) if mark.startswith(SECRET)}
    forbidden = everything.house.forbidden(LEARNER, 0)
    others = {mark: what for mark, what in forbidden.items() if not what.startswith(("gate 1.1", "gate 1.2"))}
    seen: set[str] = set()
    with furnished(everything.house, 0):
        for number in range(3):
            told = tell(
                everything.house,
                LEARNER,
                ways=choosing(number),
                begin=asked,
                within=_of_papers,
                again_by_htmx=FULL,
            )
            seen |= seen_in(told.responses, secrets)
            assert leaks(others, shown_in(told)) == []
        for mistakes in (0, 100):  # what is said to those who have all right, or make the known mistakes
            page = _result(everything.house, mistakes)
            seen |= {mark for mark in secrets if mark in page}
        for answering in ("solution", "mistake"):
            pages = _checked(everything.house, answering)
            seen |= {mark for mark in secrets for page in pages if mark in page}
    assert seen == secrets
    note("canaries seen after grading, of those that were hidden before", f"{len(seen)} of {len(secrets)}")


def _result(found: House, mistakes: int) -> str:
    """The result of a paper of the first gate with so many mistakes, as its learner sees it."""
    learner = found.people[LEARNER]
    assert learner is not None
    with undone():
        paper = quiz_taking.begin(user_id=learner.pk, lesson_id=found.gates["1.1"].pk, at=timezone.now())
        answers = papers.filled_in(paper, mistakes=mistakes)
        quiz_taking.submit(user_id=learner.pk, attempt_id=paper.pk, answers=answers, at=timezone.now())
        client = Client()
        client.force_login(learner)
        return client.get(f"/attempts/{paper.pk}/result/").content.decode()


def _checked(found: House, answering: str) -> list[str]:
    """Each question inside the first gate, answered twice so, as its learner sees it then."""
    learner, lesson = found.people[LEARNER], found.gates["1.1"]
    assert learner is not None
    client, told = Client(), []
    client.force_login(learner)
    with undone():
        lesson.refresh_from_db()
        for number, stored in enumerate(lesson.rendered["blocks"], start=1):
            if stored["type"] != "checkpoint":
                continue
            seed = checkpoints.seed_of(learner.pk, lesson.pk, stored["id"], lesson.rendered["version"])
            paper = paper_of(stored, seed)
            answer = getattr(questions.KINDS[paper["type"]], answering)(stored["question"], paper)
            for _ in range(2):
                client.post(f"/learn/1/1/{number}/check/", questions.as_form(paper["token"], answer))
            told.append(client.get(f"/learn/1/1/{number}/").content.decode())
    return told


def _of_papers(address: str) -> bool:
    """In `make test` of the lesson only the blocks that ask something: the others have nothing to tell."""
    inside = INSIDE.match(address)
    asks = inside is not None and (FULL or int(inside[1]) > len(samples.BLOCKS))
    return address.startswith(("/learn/1/1/assessment/", "/attempts/")) or asks
