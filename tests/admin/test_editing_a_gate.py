"""The form of a gate: errors say where, nothing typed is lost, and saving publishes only what changed."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from learning.models import Lesson, Level
from tests.factories.learning import assessment, content, make_dataset, make_gate, make_topic

pytestmark = pytest.mark.django_db


def form(lesson: Lesson | None = None, **changes: Any) -> dict[str, Any]:
    """What the form sends for a gate, with `changes`; JSON as text."""
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
        "content_data": json.dumps(lesson.content_data if lesson else content()),
        "assessment_data": json.dumps(lesson.assessment_data if lesson else assessment()),
    }
    return data | changes


def save(client: Client, lesson: Lesson, **changes: Any) -> str:
    """The page after saving; the changelist when it worked, the form when not."""
    lesson.refresh_from_db()
    url = f"/admin/learning/lesson/{lesson.pk}/change/"
    response = client.post(url, form(lesson, **changes), follow=True)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def errors(page: str) -> str:
    return " ".join(re.findall(r'<ul class="errorlist.*?</ul>', page, re.DOTALL))


@pytest.mark.parametrize("field", ["content_data", "assessment_data"])
def test_broken_json_says_line_and_column_and_keeps_the_text(
    as_sol: Client, gate: Lesson, field: str
) -> None:
    typed = '{"blocks": [\n  {"id": "one",, }\n]} TYPED-BY-HAND'
    page = save(as_sol, gate, **{field: typed})
    assert "Line 2, column 16" in errors(page)
    assert typed in page
    assert gate.versions.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        "[" * 5000 + "]" * 5000,
        '{"blocks": ' + "[" * 5000 + "]" * 5000 + "}",
        '{"blocks": [{"id": "a", "type": "prose", "title": "\\ud800", "markdown": "x"}]}',
        '{"blocks": [{"id": "a", "type": "\\ud800", "title": "t", "markdown": "x"}]}',
        '{"\\ud800": 1}',
        '{"blocks": [{"id": "a", "type": "prose", "title": "\\u0000", "markdown": "x"}]}',
        '{"blocks": NaN}',
        '{"blocks": ' + "9" * 5000 + "}",
        '{"blocks": 1e9999}',
        "null",
        "7",
        '"text"',
        "[]",
    ],
    ids=lambda typed: typed[:24],
)
@pytest.mark.parametrize("field", ["content_data", "assessment_data"])
def test_hostile_json_is_an_error_on_the_form(as_sol: Client, gate: Lesson, field: str, typed: str) -> None:
    if field == "assessment_data" and typed in {"null", "[]"}:
        return  # a gate may have no assessment
    page = save(as_sol, gate, **{field: typed})
    assert errors(page)
    assert gate.versions.count() == 1


def test_mistakes_in_content_are_named_by_block_and_field(as_sol: Client, gate: Lesson) -> None:
    wrong = content()
    del wrong["blocks"][0]["markdown"]
    wrong["blocks"][1]["chart"]["summary"] = ""
    found = errors(save(as_sol, gate, content_data=json.dumps(wrong)))
    assert "Block 1 (prose) – markdown: is missing" in found
    assert "Block 2 (chart) – chart, summary: " in found


def test_mistakes_in_questions_are_named_by_question(as_sol: Client, gate: Lesson) -> None:
    wrong = assessment()
    wrong["questions"][2]["choices"][0]["correct"] = True
    found = errors(save(as_sol, gate, assessment_data=json.dumps(wrong)))
    assert "Question 3 (single_choice): exactly one choice must be correct" in found


def test_a_chart_that_cannot_be_drawn_is_an_error_on_the_form(as_sol: Client, gate: Lesson) -> None:
    wrong = content()
    wrong["blocks"][1]["chart"]["dataset"] = "nowhere"
    assert "there is no data set 'nowhere'" in errors(save(as_sol, gate, content_data=json.dumps(wrong)))


def test_saving_changed_content_publishes_a_version_in_the_editor_s_name(
    as_sol: Client, sol: User, gate: Lesson
) -> None:
    page = save(as_sol, gate, content_data=json.dumps(content(4)))
    assert "Version 2 is published." in page
    latest = gate.versions.latest("number")
    assert (latest.number, latest.published_by_id) == (2, sol.pk)
    gate.refresh_from_db()
    assert len(gate.rendered["blocks"]) == 4


def test_saving_without_a_change_publishes_nothing(as_sol: Client, gate: Lesson) -> None:
    page = save(as_sol, gate, title="A new title")
    assert "is published" not in page
    assert gate.versions.count() == 1
    gate.refresh_from_db()
    assert gate.title == "A new title"


def test_the_form_shows_readable_json(as_sol: Client, gate: Lesson) -> None:
    page = html.unescape(as_sol.get(f"/admin/learning/lesson/{gate.pk}/change/").content.decode())
    assert '"markdown": "Text of part **1**."' in page
    assert '{\n  "blocks": [\n' in page


def test_a_new_gate_is_published_with_its_author(as_sol: Client, sol: User) -> None:
    make_dataset()
    make_topic()
    Level.objects.create(number=1, title="One")
    response = as_sol.post("/admin/learning/lesson/add/", form(gate_id="7"))
    assert response.status_code == 302
    made = Lesson.objects.get(gate_id=7)
    assert (made.created_by_id, made.versions.count()) == (sol.pk, 1)


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
