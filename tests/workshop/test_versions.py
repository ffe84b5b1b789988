"""Versions of a gate: what each said, how they differ, and taking an old one up as the draft."""

import copy
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from learning.models import Lesson, LessonVersion
from learning.publishing import publish
from learning.workshop import drafts, history
from tests.conftest import signed_in
from tests.factories.learning import assessment, content, take

pytestmark = pytest.mark.django_db
Json = dict[str, Any]


@pytest.fixture
def three(gate: Lesson, sol: User) -> Lesson:
    """A gate with three versions; the last was published by Sol, with words."""
    for n, words in ((2, ""), (3, "Clearer <words>.")):
        said = content()
        said["blocks"][0]["markdown"] = f"The text of version {n}."
        publish(gate, content_data=said, assessment_data=assessment(), by=sol.pk, words=words)
    return gate


def address(lesson: Lesson, rest: str) -> str:
    return f"/admin/learning/lesson/{lesson.pk}/{rest}"


def words_of(page: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", page.split("<main", 1)[-1])).split())


def write(lesson: Lesson, by: User, **blocks: Json) -> drafts.Draft:
    """A draft in which some blocks, by number (`b1`), say something else."""
    said = copy.deepcopy(drafts.draft_of(lesson).content)
    for name, change in blocks.items():
        said["blocks"][int(name[1:]) - 1] |= change
    return drafts.save(drafts.draft_of(lesson), content=said, assessment=assessment(), by=by.pk)


def test_the_list_tells_who_published_what_when_and_whom_it_binds(
    as_sol: Client, ash: User, sol: User, gate: Lesson
) -> None:
    take(ash, gate, at=timezone.now())
    publish(gate, content_data=content(2), assessment_data=assessment(4), by=sol.pk, words="Clearer <words>.")
    page = as_sol.get(address(gate, "versions/")).content.decode()
    told = words_of(page)
    assert "Sol Clearer <words>. 2, 4 0 What differed" in told
    assert "– – 3, 5 1" in told
    assert f"differences/?from={1}&amp;to=2" in page
    assert "Draft" not in told
    write(gate, sol, b1={"markdown": "Draft of it"})
    page = as_sol.get(address(gate, "versions/")).content.decode()
    assert "Draft Being written; begun from version 2." in words_of(page)
    assert "differences/?from=2&amp;to=draft" in page


def test_the_list_costs_the_same_with_many_versions(as_sol: Client, three: Lesson) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            as_sol.get(address(three, "versions/"))
        return len(captured)

    few = asked()
    for n in range(4, 12):
        said = content()
        said["blocks"][0]["markdown"] = str(n)
        publish(three, content_data=said, assessment_data=assessment())
    assert (asked(), few <= 10) == (few, True)


def test_what_a_version_said_is_shown_as_it_was(as_sol: Client, sol: User, three: Lesson) -> None:
    write(three, sol, b1={"markdown": "DRAFTED"})
    frame = as_sol.get(address(three, "versions/2/")).content.decode()
    assert "What version 2 said." in frame
    (shown,) = re.findall('<iframe[^>]+src="([^"]+)"', frame)
    page = as_sol.get(unescape(shown)).content.decode()
    assert "The text of version 2." in page
    assert "Version 2 as it was" in page
    assert "version=2" in re.findall('class="btn primary push" href="([^"]+)"', page)[0]
    chart = as_sol.get(address(three, "preview/blocks/2/?version=2")).content.decode()
    (place,) = re.findall('data-src="([^"]+)"', chart)
    assert "version=2" in place
    assert as_sol.get(unescape(place)).status_code == 200
    answers = as_sol.get(address(three, "preview/assessment/?version=1&answered=right")).content.decode()
    assert answers.count("EXPLANATION-") == 5


@pytest.mark.parametrize("number", ["9", "0", "99999999", "draft", "x"])
def test_a_version_that_is_not_there(as_sol: Client, three: Lesson, number: str) -> None:
    assert as_sol.get(address(three, f"versions/{number}/")).status_code in (302, 404)
    if number != "draft":
        assert as_sol.get(address(three, f"differences/?from={number}")).status_code == 404
    assert as_sol.get(address(three, f"preview/blocks/1/?version={number}")).status_code == 404


def test_the_difference_reads_side_by_side_and_in_words(as_sol: Client, sol: User, three: Lesson) -> None:
    page = as_sol.get(address(three, "differences/?from=2&to=3")).content.decode()
    assert "Block 1 (prose): changed" in words_of(page)
    assert "The text of version <del>" in page
    assert "removed: 2" in words_of(page)
    assert "added: 3" in words_of(page)
    assert "Block 2" not in words_of(page)
    said = content()
    said["blocks"] = [said["blocks"][2], said["blocks"][0] | {"markdown": "<b>New</b>"}]
    asked = assessment(4)
    asked["questions"][0]["choices"][1]["feedback"] = "FEEDBACK anew"
    drafts.save(drafts.draft_of(three), content=said, assessment=asked | {"pass_score": 90}, by=sol.pk)
    told = words_of(as_sol.get(address(three, "differences/")).content.decode())
    for words in (
        "Block 1 (prose): moved here from place 3",
        "<b>New</b>",
        "Block 2 (chart): removed",
        "Question 1 (single choice): changed",
        "Choice b, feedback",
        "Question 5 (single choice): removed",
        "The rules of the assessment: changed Pass score",
    ):
        assert words in told, told


def test_what_only_spells_out_a_default_is_no_difference(as_sol: Client, sol: User, three: Lesson) -> None:
    draft = drafts.draft_of(three)
    asked = assessment()
    for question in asked["questions"]:
        question |= {"confidence": False, "chart": None}
    drafts.save(draft, content=draft.content, assessment=asked | {"wait_minutes": 0, "draw": None}, by=sol.pk)
    page = as_sol.get(address(three, "differences/")).content.decode()
    assert "There is no difference." in page


def test_a_version_is_taken_up_as_the_draft(as_sol: Client, as_ash: Client, three: Lesson) -> None:
    place = address(three, "versions/1/restore/")
    answer = as_sol.post(place, {"revision": "0"}, follow=True)
    assert "Version 1 is the draft now" in answer.content.decode()
    draft = drafts.draft_of(three)
    assert (draft.revision, draft.content["blocks"][0]["markdown"]) == (1, "Text of part **1**.")
    assert "The text of version 3." in as_ash.get("/learn/1/1/1/").content.decode()
    assert LessonVersion.objects.published().filter(lesson=three).count() == 3


@pytest.mark.parametrize("revision", ["0", "", "x", "-1", "9" * 40])
def test_a_draft_that_somebody_saved_meanwhile_stays(
    as_sol: Client, sol: User, three: Lesson, revision: str
) -> None:
    saved = write(three, sol, b1={"markdown": "Of somebody else"})
    answer = as_sol.post(address(three, "versions/1/restore/"), {"revision": revision}, follow=True)
    assert "it stays as it is" in answer.content.decode()
    assert drafts.draft_of(three) == saved
    assert as_sol.post(address(three, "versions/9/restore/"), {"revision": "1"}).status_code == 404


def test_who_may_only_look_sees_all_and_restores_nothing(three: Lesson, brand: User) -> None:
    brand.is_staff = True
    brand.save()
    brand.user_permissions.add(Permission.objects.get(codename="view_lesson"))
    client = signed_in(brand)
    for rest in ("versions/", "versions/1/", "differences/"):
        assert client.get(address(three, rest)).status_code == 200
    assert "Take as draft" not in client.get(address(three, "versions/")).content.decode()
    assert client.post(address(three, "versions/1/restore/"), {"revision": "0"}).status_code == 403
    assert client.get(address(three, "versions/1/restore/")).status_code == 405


@pytest.mark.parametrize("rest", ["versions/", "versions/1/", "differences/"])
def test_learners_get_nowhere(as_ash: Client, three: Lesson, rest: str) -> None:
    answer = as_ash.get(address(three, rest))
    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/admin/login/")


def test_a_gate_that_was_never_published_has_no_versions(as_sol: Client, gate: Lesson) -> None:
    fresh = Lesson.objects.create(level_id=1, gate_id=7, title="Fresh", is_active=False)
    assert "Nothing is published yet." in as_sol.get(address(fresh, "versions/")).content.decode()
    for rest in ("differences/", "preview/"):
        assert as_sol.get(address(fresh, rest)).status_code == 200


def test_the_questions_of_all_versions_come_newest_last(three: Lesson) -> None:
    asked = assessment(1)
    asked["questions"][0]["prompt"] = "Asked anew?"
    publish(three, content_data=content(), assessment_data=asked)
    found = history.questions_of_all_versions(three)
    assert len(found) == 16
    assert found[-1]["prompt"] == "Asked anew?"
