"""The settings of a gate: errors say where, and what learners read is not touched by them."""

import html
import json
import re
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from accounts.models import User
from learning.models import Lesson, Level
from learning.publishing import keep_settings, publish
from tests.factories.learning import assessment, content, make_gate

pytestmark = pytest.mark.django_db


def form(**changes: Any) -> dict[str, Any]:
    """What the form sends for a gate, with `changes`."""
    data = {
        "level": "1",
        "gate_id": "1",
        "title": "Gate 1.1",
        "subtitle": "What it is about",
        "description": "",
        "difficulty": "intermediate",
        "estimated_time": "00:10:00",
        "xp_reward": "500",
        "is_active": "on",
        "order_index": "0",
    }
    return data | changes


def save(client: Client, lesson: Lesson, **changes: Any) -> str:
    """The page after saving; the changelist when it worked, the form when not."""
    lesson.refresh_from_db()
    url = f"/admin/learning/lesson/{lesson.pk}/change/"
    response = client.post(url, form(**changes), follow=True)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def errors(page: str) -> str:
    return " ".join(re.findall(r'<ul class="errorlist.*?</ul>', page, re.DOTALL))


def test_settings_publish_nothing(as_sol: Client, gate: Lesson) -> None:
    page = save(as_sol, gate, title="A new title")
    assert "is published" not in page
    assert gate.versions.count() == 1
    gate.refresh_from_db()
    assert (gate.title, len(gate.rendered["blocks"])) == ("A new title", 3)


def test_no_json_is_shown_and_none_is_taken(as_sol: Client, gate: Lesson) -> None:
    page = as_sol.get(f"/admin/learning/lesson/{gate.pk}/change/").content.decode()
    assert "content_data" not in page
    save(as_sol, gate, content_data=json.dumps({"blocks": []}), assessment_data="null")
    gate.refresh_from_db()
    assert (gate.blocks, gate.questions) == (3, 5)


def test_settings_saved_beside_a_publication_lose_nothing_of_it(gate: Lesson) -> None:
    in_the_form = Lesson.objects.get(pk=gate.pk)
    publish(gate, content_data=content(4), assessment_data=assessment())
    in_the_form.title = "A new title"
    keep_settings(in_the_form)
    gate.refresh_from_db()
    assert (gate.title, len(gate.rendered["blocks"])) == ("A new title", 4)


def test_a_new_gate_waits_for_its_first_version(as_sol: Client, as_ash: Client, sol: User) -> None:
    """It has its place and its author; learners see it when there is something to read."""
    Level.objects.create(number=1, title="One")
    response = as_sol.post("/admin/learning/lesson/add/", form(gate_id="7", title="Not yet to be read"))
    made = Lesson.objects.get(gate_id=7)
    assert response["Location"] == f"/admin/learning/lesson/{made.pk}/workshop/"
    assert (made.created_by_id, made.is_active, made.versions.count()) == (sol.pk, False, 0)
    assert "Not yet to be read" not in as_ash.get("/path/").content.decode()
    save(as_sol, made, gate_id="7", is_active="on")
    made.refresh_from_db()
    assert not made.is_active
    with pytest.raises(IntegrityError, match="ck_lessons_in_use_has_a_lesson"):
        Lesson.objects.filter(pk=made.pk).update(is_active=True)


def test_a_gate_cannot_be_its_own_prerequisite(as_sol: Client, gate: Lesson) -> None:
    assert "its own prerequisite" in errors(save(as_sol, gate, prerequisites=[str(gate.pk)]))


def test_prerequisites_are_kept(as_sol: Client, gate: Lesson) -> None:
    second = make_gate(1, 2)
    save(as_sol, gate, prerequisites=[str(second.pk)])
    gate.refresh_from_db()
    assert gate.prerequisites == [second.pk]


def test_a_place_that_is_taken_is_an_error_on_the_form(as_sol: Client, gate: Lesson) -> None:
    make_gate(1, 2)
    assert errors(save(as_sol, gate, gate_id="2"))


# --- Rules of achievements -----------------------------------------------------------------------------

GOOD_RULE = '{"kind": "count", "activity": "lesson_complete", "at_least": 3}'


def achievement(rule: str) -> dict[str, str]:
    return {
        "code": "code",
        "title": "Title",
        "description": "What for",
        "category": "general",
        "rarity": "common",
        "icon_url": "medal",
        "xp_reward": "50",
        "requirements": rule,
        "is_active": "on",
    }


def test_a_good_rule_is_kept(as_sol: Client) -> None:
    from gamification.models import Achievement

    assert as_sol.post("/admin/gamification/achievement/add/", achievement(GOOD_RULE)).status_code == 302
    assert Achievement.objects.get().requirements == json.loads(GOOD_RULE)


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ('{"kind": "profit"}', "kind"),
        ('{"kind": "count", "activity": "lesson_complete"}', "at_least"),
        ('{"kind": "streak", "days": 0}', "days"),
        ('{"kind": "streak", "days": 3, "or": 4}', "or"),
        ('{"kind": "streak", "days": NaN}', "days"),
        ('{"kind": "count", "activity": "a\\u0000", "at_least": 1}', "activity"),
        ('{"kind": "count", "activity": "\\ud800", "at_least": 1}', "cannot be stored"),
        ("[1]", ""),
        ("{", ""),
        ("[" * 5000 + "]" * 5000, ""),
        ("9" * 5000, ""),
    ],
    ids=lambda text: text[:30],
)
def test_a_bad_rule_is_an_error_on_the_form(as_sol: Client, rule: str, named: str) -> None:
    from gamification.models import Achievement

    response = as_sol.post("/admin/gamification/achievement/add/", achievement(rule))
    assert response.status_code == 200
    assert named in errors(html.unescape(response.content.decode()))
    assert errors(response.content.decode())
    assert not Achievement.objects.exists()
