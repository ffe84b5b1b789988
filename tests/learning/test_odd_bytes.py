"""Bytes that no column takes are left out of what people write, and nobody is blamed for a mark of ours."""

import pytest
from django.test import Client

from accounts.models import User
from learning.content import ContentErrors, parse_assessment
from learning.models import Lesson, Note
from learning.publishing import publish
from tests.factories.blocks import lesson_of, reflection
from tests.factories.learning import assessment
from tests.factories.questions import numeric

pytestmark = pytest.mark.django_db


def test_a_reflection_with_a_nul_is_kept_without_it(as_ash: Client, ash: User, gate: Lesson) -> None:
    publish(gate, content_data=lesson_of(reflection()), assessment_data=assessment())
    assert as_ash.post("/learn/1/1/1/reflect/", {"text": "My stop\0 was hit"}).status_code == 302
    assert Note.objects.get(user=ash).text == "My stop was hit"


@pytest.mark.parametrize("seen", ["\0", "x" * 600])
def test_a_mark_that_is_none_of_ours_is_no_error(as_ash: Client, ash: User, gate: Lesson, seen: str) -> None:
    answer = as_ash.post("/learn/1/1/notes/block-1/", {"text": "Mine", "seen": seen})
    assert answer.status_code in (200, 302)
    assert Note.objects.get(user=ash).text == "Mine"


@pytest.mark.parametrize("user", [" ", "7", "\0"])
def test_an_opening_for_nobody_is_an_error_on_the_form(as_sol: Client, user: str) -> None:
    answer = as_sol.post("/admin/learning/gateopening/add/", {"user": user, "lesson": user, "reason": "R"})
    assert answer.status_code == 200
    assert "errorlist" in answer.content.decode()


def test_a_formula_with_a_nul_is_refused() -> None:
    with pytest.raises(ContentErrors, match="cannot be stored"):
        parse_assessment({"questions": [numeric(answer="1\0")]})
