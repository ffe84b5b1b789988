"""The first page of a stranger."""

import re

import pytest
from django.core.management import call_command
from django.test import Client

from learning.models import Lesson
from tests.conftest import Counted

pytestmark = pytest.mark.django_db


def test_it_shows_the_gates_of_the_course_and_a_real_chart(client: Client) -> None:
    call_command("load_course", verbosity=0)
    page = client.get("/").content.decode()
    titles = Lesson.objects.in_path_order().values_list("title", flat=True)
    assert len(titles) == 10
    headings = [re.sub(r"<[^>]+>", "", text) for text in re.findall(r"<h3>(.*?)</h3>", page, re.DOTALL)]
    gates = [text for text in headings if text.startswith("Gate ")]
    assert [text.partition(": ")[2].strip() for text in gates] == [
        title.replace("'", "&#x27;") for title in titles
    ]
    assert "Charts by TradingView" in page


def test_it_works_before_a_course_is_there(client: Client) -> None:
    assert client.get("/").status_code == 200


def test_who_is_signed_in_goes_to_the_dashboard(as_ash: Client) -> None:
    assert as_ash.get("/").headers["Location"] == "/dashboard/"


def test_it_shows_no_gate_that_is_switched_off(client: Client, gate: Lesson) -> None:
    assert "Gate 1.1" in client.get("/").content.decode()
    Lesson.objects.update(is_active=False)
    assert "Gate 1.1" not in client.get("/").content.decode()


def test_queries_of_the_landing_page(client: Client, gate: Lesson, counted: Counted) -> None:
    # Gates, levels and chart; savepoint of the request and its release.
    with counted(5):
        client.get("/")
