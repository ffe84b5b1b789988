"""Gates that staff open, gates passed ahead, circles of prerequisites, gates that keep their place."""

import uuid

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from learning.content import ContentErrors
from learning.models import Attempt, GateOpening, Lesson, UserProgress
from learning.publishing import publish
from learning.rules import circle
from tests.factories.learning import answers_to, make_gate, take

LOCKED = "/learn/1/2/"


@pytest.fixture
def second(db: None, gate: Lesson) -> Lesson:
    """A gate that waits for the first."""
    return make_gate(1, 2, requires=[gate])


# --- By staff -------------------------------------------------------------------------------------------


def test_staff_open_a_gate_for_one_learner(
    as_sol: Client, as_ash: Client, as_brand: Client, ash: User, second: Lesson
) -> None:
    assert as_ash.get(f"{LOCKED}1/").status_code == 302
    form = {"user": ash.pk, "lesson": second.pk, "reason": "Did it in class"}
    assert as_sol.post("/admin/learning/gateopening/add/", form).status_code == 302
    assert as_ash.get(f"{LOCKED}1/").status_code == 200
    assert as_brand.get(f"{LOCKED}1/").status_code == 302
    opening = GateOpening.objects.get()
    assert opening.opened_by is not None
    as_sol.post(f"/admin/learning/gateopening/{opening.pk}/delete/", {"post": "yes"})
    assert as_ash.get(f"{LOCKED}1/").status_code == 302


def test_opened_twice_it_is_opened_once(as_sol: Client, ash: User, second: Lesson) -> None:
    form = {"user": ash.pk, "lesson": second.pk, "reason": "Once"}
    as_sol.post("/admin/learning/gateopening/add/", form)
    as_sol.post("/admin/learning/gateopening/add/", form | {"reason": "Twice"})
    assert GateOpening.objects.count() == 1


def test_an_opening_says_why(as_sol: Client, ash: User, second: Lesson) -> None:
    form = {"user": ash.pk, "lesson": second.pk, "reason": ""}
    assert as_sol.post("/admin/learning/gateopening/add/", form).status_code == 200
    assert not GateOpening.objects.exists()


# --- Ahead ----------------------------------------------------------------------------------------------


def test_a_gate_that_allows_it_is_passed_ahead(as_ash: Client, ash: User, second: Lesson) -> None:
    Lesson.objects.filter(pk=second.pk).update(test_out=True)
    assert 'href="/learn/1/2/assessment/"' in as_ash.get("/path/").content.decode()
    assert as_ash.get(f"{LOCKED}1/").status_code == 302
    assert as_ash.get(f"{LOCKED}assessment/").status_code == 200
    as_ash.post(f"{LOCKED}assessment/begin/")
    attempt = Attempt.objects.get()
    assert as_ash.get(attempt.get_absolute_url()).status_code == 200
    as_ash.post(f"/attempts/{attempt.pk}/submit/", answers_to(attempt))
    assert UserProgress.objects.get(user=ash, lesson=second).completed
    assert as_ash.get(f"{LOCKED}1/").status_code == 200


def test_others_are_not(as_ash: Client, second: Lesson) -> None:
    assert 'href="/learn/1/2/assessment/"' not in as_ash.get("/path/").content.decode()
    assert as_ash.get(f"{LOCKED}assessment/").status_code == 302
    assert as_ash.post(f"{LOCKED}assessment/begin/").status_code == 302
    assert not Attempt.objects.exists()


# --- Circles --------------------------------------------------------------------------------------------


def test_prerequisites_that_lead_back_are_refused_in_words(gate: Lesson, second: Lesson) -> None:
    gate.prerequisites = [second.pk]
    with pytest.raises(ContentErrors, match=r"Gate 1\.1 → Gate 1\.2 → Gate 1\.1"):
        publish(gate, content_data=gate.content_data, assessment_data=gate.assessment_data)


def test_the_editor_says_so_too(as_sol: Client, gate: Lesson, second: Lesson) -> None:
    page = as_sol.get(f"/admin/learning/lesson/{gate.pk}/change/")
    form = {
        name: value
        for name, value in page.context["adminform"].form.initial.items()
        if value is not None and name != "prerequisites"
    }
    form = {
        **form,
        "level": gate.level_id,
        "estimated_time": "00:10:00",
        "is_active": "on",
        "prerequisites": [str(second.pk)],
    }
    answer = as_sol.post(f"/admin/learning/lesson/{gate.pk}/change/", form)
    assert answer.status_code == 200
    assert "lead back to where they began" in answer.content.decode()


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=14), st.integers(0, 6))
def test_a_circle_is_found_where_there_is_one(arrows: list[tuple[int, int]], start: int) -> None:
    ids = [uuid.UUID(int=n) for n in range(7)]
    needs: dict[uuid.UUID, list[uuid.UUID]] = {}
    for one, other in arrows:
        needs.setdefault(ids[one], []).append(ids[other])
    reached, fresh = set(), set(needs.get(ids[start], ()))
    while fresh:
        reached |= fresh
        fresh = {far for near in fresh for far in needs.get(near, ())} - reached
    found = circle(ids[start], needs)
    assert bool(found) is (ids[start] in reached)
    if found:
        assert found[0] == ids[start]
        assert all(
            after in needs[before] for before, after in zip(found, (*found[1:], found[0]), strict=True)
        )


# --- Its place ------------------------------------------------------------------------------------------


def test_a_gate_with_progress_keeps_its_place(as_sol: Client, ash: User, gate: Lesson) -> None:
    address = f"/admin/learning/lesson/{gate.pk}/change/"
    assert "the gate keeps its place" not in as_sol.get(address).content.decode()
    take(ash, gate, at=timezone.now())
    assert "the gate keeps its place" in as_sol.get(address).content.decode()
    with pytest.raises(IntegrityError):
        Lesson.objects.filter(pk=gate.pk).update(gate_id=9)
