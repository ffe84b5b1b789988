"""Learners say how clear a place is and what is wrong with it; staff answer."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from learning import quiz_taking
from learning.models import Attempt, Lesson, Rating, Report, ReportState
from tests.bad_input.vectors import POLYGLOT
from tests.factories.beside import say
from tests.factories.learning import take

pytestmark = pytest.mark.django_db
RATE, REPORT = "/learn/1/1/2/rating/", "/learn/1/1/2/report/"
HTMX = {"HX-Request": "true"}
QUEUE = "/admin/learning/report/"


@pytest.fixture
def graded(gate: Lesson, ash: User) -> Attempt:
    return take(ash, gate, at=timezone.now(), mistakes=1)


def of_question(attempt: Attempt, what: str, number: int = 1) -> str:
    return f"/attempts/{attempt.pk}/questions/{number}/{what}/"


def report(client: Client, url: str = REPORT, **form: str) -> int:
    return client.post(url, {"kind": "wrong", "words": "The high is 103.", **form}).status_code


def test_a_block_is_rated_once_and_the_rating_can_change(gate: Lesson, as_ash: Client) -> None:
    for stars in (2, 5):
        assert as_ash.post(RATE, {"stars": stars}).headers["Location"] == "/learn/1/1/2/"
    (kept,) = Rating.objects.values_list("place_kind", "place", "version", "stars")
    assert kept == ("block", "block-2", 1, 5)
    assert 'value="5" checked' in as_ash.get("/learn/1/1/2/").content.decode()


def test_a_new_version_is_rated_anew(gate: Lesson, as_ash: Client) -> None:
    as_ash.post(RATE, {"stars": 2})
    say(gate, "One", "Two", "Three")
    as_ash.post(RATE, {"stars": 4})
    assert list(Rating.objects.order_by("version").values_list("version", "stars")) == [(1, 2), (2, 4)]


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "1.5", "five", "\u0663"])
def test_a_rating_is_one_to_five(gate: Lesson, as_ash: Client, stars: str) -> None:
    assert as_ash.post(RATE, {"stars": stars}, headers=HTMX).status_code == 422
    assert as_ash.post(RATE, {"stars": stars}).status_code == 302
    assert not Rating.objects.exists()


def test_a_question_is_rated_on_the_result_page(graded: Attempt, as_ash: Client) -> None:
    answer = as_ash.post(of_question(graded, "rating", 3), {"stars": "4"})
    assert answer.headers["Location"] == f"{graded.get_absolute_url()}#feedback-3"
    rating = Rating.objects.get()
    token = (graded.outcome or {})["feedback"][2]["token"]
    asked = next(one["id"] for one in graded.paper["questions"] if one["token"] == token)
    assert (rating.place_kind, rating.place, rating.version) == ("question", asked, 1)
    assert as_ash.get(graded.get_absolute_url()).content.decode().count(" checked") == 1


@pytest.mark.parametrize("what", ["rating", "report"])
def test_strangers_and_open_papers_have_no_questions(
    graded: Attempt, gate: Lesson, ash: User, as_ash: Client, as_brand: Client, what: str
) -> None:
    form = {"stars": "4", "kind": "wrong"}
    assert as_brand.post(of_question(graded, what), form).status_code == 404
    assert as_ash.post(of_question(graded, what, 99), form).status_code == 404
    still_open = quiz_taking.begin(user_id=ash.pk, lesson_id=gate.pk, at=timezone.now())
    assert as_ash.post(of_question(still_open, what), form).status_code == 404
    assert not Rating.objects.exists()
    assert not Report.objects.exists()


def test_a_locked_block_is_neither_rated_nor_reported(second_gate: Lesson, as_ash: Client) -> None:
    for what in ("rating", "report"):
        answer = as_ash.post(f"/learn/1/2/1/{what}/", {"stars": "4", "kind": "wrong"})
        assert answer.headers["Location"] == "/path/#gate-1-2"
    assert as_ash.post("/learn/1/1/99/rating/", {"stars": "4"}).status_code == 404


def test_a_report_waits_with_place_and_version(gate: Lesson, as_ash: Client) -> None:
    assert as_ash.post(REPORT, {"kind": "typo", "words": "Tow"}).headers["Location"] == "/reports/"
    found = Report.objects.values_list("place", "version", "title", "kind", "words", "state").get()
    assert found == ("block-2", 1, "A chart", "typo", "Tow", "open")
    html = as_ash.get("/reports/").content.decode()
    assert "Tow" in html
    assert "Level 1 · Gate 1" in html


def test_a_double_click_is_one_report(gate: Lesson, as_ash: Client) -> None:
    for _ in range(2):
        report(as_ash)
    assert Report.objects.count() == 1
    report(as_ash, words="Another thing")
    assert Report.objects.count() == 2


def test_a_person_has_at_most_twenty_open_reports(gate: Lesson, ash: User, as_ash: Client) -> None:
    for n in range(20):
        assert report(as_ash, words=str(n)) == 302
    html = as_ash.post(REPORT, {"kind": "wrong", "words": "One more"}).content.decode()
    assert "wait for an answer" in html
    assert "One more" in html
    assert Report.objects.count() == 20
    Report.objects.filter(words="0").update(state="resolved", closed_at=timezone.now())
    assert report(as_ash, words="One more") == 302


def test_a_report_says_what_it_is(gate: Lesson, as_ash: Client) -> None:
    assert report(as_ash, kind="") == 422
    assert report(as_ash, kind="nonsense") == 422
    assert report(as_ash, kind="other", words=" ") == 422
    assert report(as_ash, words="x" * 2_001) == 422
    assert report(as_ash, words="a\r\n" * 1_000) == 302
    html = as_ash.post(REPORT, {"kind": "", "words": "Kept"}, headers=HTMX).content.decode()
    assert "Choose what it is." in html
    assert "Kept</textarea>" in html
    assert "<html" not in html


def test_a_report_of_a_question_tells_only_what_was_on_the_paper(graded: Attempt, as_ash: Client) -> None:
    as_ash.post(of_question(graded, "report", 2), {"kind": "unclear"})
    html = as_ash.get("/reports/").content.decode()
    assert "Question " in Report.objects.get().title
    assert "EXPLANATION" not in html
    assert "FEEDBACK" not in html


def test_reports_are_their_writers_alone(gate: Lesson, as_ash: Client, as_brand: Client) -> None:
    report(as_ash, words="ASHS-OWN")
    assert "ASHS-OWN" not in as_brand.get("/reports/").content.decode()
    assert "No reports" in as_brand.get("/reports/").content.decode()


def test_scripts_in_a_report_are_text(gate: Lesson, as_ash: Client, as_sol: Client) -> None:
    report(as_ash, words=POLYGLOT)
    found = Report.objects.get()
    for client, page in ((as_ash, "/reports/"), (as_sol, QUEUE), (as_sol, f"{QUEUE}{found.pk}/change/")):
        assert POLYGLOT not in client.get(page).content.decode()


def test_the_queue_shows_open_reports_first(gate: Lesson, as_ash: Client, as_sol: Client) -> None:
    for words in ("FIRST", "SECOND", "THIRD"):
        report(as_ash, words=words)
    Report.objects.filter(words="FIRST").update(state="resolved", closed_at=timezone.now())
    html = as_sol.get(QUEUE).content.decode()
    assert html.index("SECOND") < html.index("THIRD") < html.index("FIRST")
    for query in (
        "state__exact=open",
        "kind__exact=wrong",
        "place_kind__exact=block",
        "lesson__level__number__exact=1",
    ):
        assert "SECOND" in as_sol.get(f"{QUEUE}?{query}").content.decode()


def test_staff_see_the_place_its_text_and_its_rating(gate: Lesson, as_ash: Client, as_sol: Client) -> None:
    as_ash.post(RATE, {"stars": "4"})
    as_sol.post(RATE, {"stars": "1"})
    report(as_ash)
    say(gate, "Quite", "Different")
    html = as_sol.get(f"{QUEUE}{Report.objects.get().pk}/change/").content.decode()
    assert "Ten rising days." in html  # of version 1
    assert 'href="/learn/1/1/2/"' in html
    assert "2.5 (2)" in html
    assert "2.5" in as_sol.get("/admin/learning/rating/").content.decode()


def test_a_question_is_shown_to_staff_as_it_was_written(
    graded: Attempt, as_ash: Client, as_sol: Client
) -> None:
    as_ash.post(of_question(graded, "report"), {"kind": "wrong"})
    html = as_sol.get(f"{QUEUE}{Report.objects.get().pk}/change/").content.decode()
    assert "EXPLANATION-" in html
    assert 'href="/learn/1/1/assessment/"' in html


def test_staff_answer_and_the_learner_reads_it(
    gate: Lesson, as_ash: Client, as_sol: Client, sol: User
) -> None:
    report(as_ash)
    found = Report.objects.get()
    url = f"{QUEUE}{found.pk}/change/"
    html = as_sol.post(url, {"state": "declined", "answer": ""}).content.decode()
    assert "Say to the learner why." in html
    as_sol.post(url, {"state": "declined", "answer": "It is 103 indeed."})
    found.refresh_from_db()
    assert (found.state, found.answer, found.closed_by) == ("declined", "It is 103 indeed.", sol)
    html = as_ash.get("/reports/").content.decode()
    assert "It is 103 indeed." in html
    assert "declined" in html
    as_sol.post(url, {"state": "open", "answer": "Never mind"})
    found.refresh_from_db()
    assert found.answer == "It is 103 indeed."


def test_staff_answer_many_at_once(gate: Lesson, as_ash: Client, as_sol: Client) -> None:
    for words in ("one", "two"):
        report(as_ash, words=words)
    chosen = [str(pk) for pk in Report.objects.values_list("pk", flat=True)]
    form = {"action": "decline", "_selected_action": chosen, "answer": ""}
    as_sol.post(QUEUE, form)
    assert Report.objects.filter(state=ReportState.OPEN).count() == 2
    as_sol.post(QUEUE, form | {"answer": "x" * 2_001})
    assert Report.objects.filter(state=ReportState.OPEN).count() == 2
    as_sol.post(QUEUE, form | {"action": "resolve", "answer": "Put right, thank you."})
    assert Report.objects.filter(state="resolved", answer="Put right, thank you.").count() == 2


def test_somebody_signed_in_again_is_led_back(gate: Lesson, graded: Attempt, as_ash: Client) -> None:
    assert as_ash.get(RATE).headers["Location"] == "/learn/1/1/2/"
    assert as_ash.get(REPORT).headers["Location"] == "/learn/1/1/2/"
    assert as_ash.get(of_question(graded, "rating")).headers["Location"].endswith("#feedback-1")
