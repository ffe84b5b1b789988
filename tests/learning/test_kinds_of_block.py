"""Every kind of block as a learner meets it, with and without what they bring along."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from learning import checkpoints
from learning.blocks.checkpoint import paper_of
from learning.models import CheckpointAnswer, Lesson, Note
from learning.publishing import publish
from learning.questions import KINDS, as_form
from tests.factories import blocks, questions
from tests.factories.learning import chart, make_gate

pytestmark = pytest.mark.django_db
HERE = "/learn/1/1/1/"


def gate_of(block: dict[str, Any]) -> Lesson:
    return make_gate(content_data=blocks.lesson_of(block))


def page(client: Client, address: str = HERE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def test_cards_are_turned_without_a_script(as_ash: Client) -> None:
    gate_of(blocks.flash_cards())
    shown = page(as_ash)
    assert shown.count('<details class="turn-card">') == 2
    assert shown.index("FRONT-1") < shown.index("BACK-1") < shown.index("FRONT-2")


def test_a_worked_example_opens_step_by_step(as_ash: Client) -> None:
    gate_of(blocks.worked_example())
    shown = page(as_ash)
    assert shown.partition('<ol class="worked">')[2].partition("</ol>")[0].count("<details") == 2
    assert shown.index("HOW-1") < shown.index("STEP-2")


def test_a_comparison_has_two_charts_with_data_of_their_own(as_ash: Client) -> None:
    gate_of(blocks.comparison())
    shown = page(as_ash)
    assert shown.count("data-chart data-src") == 2
    counts = [len(as_ash.get(f"{HERE}charts/{which}.json").json()["bars"]) for which in (1, 2)]
    assert counts == [5, 10]
    assert as_ash.get(f"{HERE}charts/3.json").status_code == 404
    assert as_ash.get(f"{HERE}charts/0.json").status_code == 404


def test_a_video_is_a_link_with_all_that_is_said(as_ash: Client) -> None:
    gate_of(blocks.video())
    shown = page(as_ash)
    assert 'href="https://video.example.org/7"' in shown
    assert "TRANSCRIPT" in shown


@pytest.mark.parametrize(
    "address", ["http://a.example.org/", "javascript:alert(1)", 'https://a"b', "https://a b"]
)
def test_a_video_is_elsewhere_and_nothing_else(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        publish(Lesson(), content_data=blocks.lesson_of(blocks.video(address=address)), assessment_data=None)


# --- Step by step ---------------------------------------------------------------------------------------


def test_a_replay_shows_the_bars_so_far(as_ash: Client) -> None:
    gate_of(blocks.replay())
    assert "FRAME-1" in page(as_ash)
    assert "8 January 2024" in page(as_ash)
    assert "14 Jan 2024" not in page(as_ash)
    assert f'href="{HERE}?frame=2#frames"' in page(as_ash)
    later = page(as_ash, f"{HERE}?frame=3")
    assert "FRAME-3" in later
    assert "14 Jan 2024" in later
    assert "frame=4" not in later
    counts = [len(as_ash.get(f"{HERE}charts/{which}.json").json()["bars"]) for which in (1, 2, 3)]
    assert counts == [4, 7, 10]


@pytest.mark.parametrize(
    ("frame", "shown"), [("", 1), ("0", 1), ("99", 3), ("x", 1), ("²", 1), ("9" * 99, 1)]
)
def test_a_step_that_is_none_shows_the_nearest(as_ash: Client, frame: str, shown: int) -> None:
    gate_of(blocks.replay())
    assert f"FRAME-{shown}" in page(as_ash, f"{HERE}?frame={frame}")


def test_nothing_on_an_early_step_tells_of_a_later_bar(as_ash: Client) -> None:
    drawn = chart(
        markers=[{"time": "2024-01-13", "label": "LATER-MARK"}],
        notes=[{"time": "2024-01-12", "price": 110, "label": "LATER-NOTE"}],
        trend_lines=[
            {
                "start": "2024-01-06",
                "start_price": 101,
                "end": "2024-01-12",
                "end_price": 111,
                "label": "LATER-LINE",
            }
        ],
    )
    gate_of(blocks.replay(chart=drawn))
    early = page(as_ash) + as_ash.get(f"{HERE}charts/1.json").content.decode()
    assert "LATER" not in early
    late = page(as_ash, f"{HERE}?frame=3")
    assert all(word in late for word in ("LATER-MARK", "LATER-NOTE", "LATER-LINE"))


@pytest.mark.parametrize(
    "ends",
    [("2024-01-11", "2024-01-08", "2024-01-14"), ("2024-01-08", "2024-01-11"), ("2024-01-05", "2024-01-05")],
)
def test_steps_go_on_to_the_end_of_the_chart(ends: tuple[str, ...]) -> None:
    frames = [{"end": end, "markdown": "Words"} for end in ends]
    with pytest.raises(ValueError, match="frame"):
        publish(Lesson(), content_data=blocks.lesson_of(blocks.replay(frames=frames)), assessment_data=None)


# --- Calculators ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "asked", "told"),
    [
        ("position_size", "account=10000&risk=1&entry=50&stop=48&unit_value=1", ["100.00", "50 units"]),
        ("position_size", "account=10.000,00&risk=0,5&entry=50&stop=47&unit_value=1", ["50.00", "16 units"]),
        ("reward_to_risk", "entry=50&stop=48&target=56", ["3.00 R", "25.0 %"]),
        ("reward_to_risk", "entry=50&stop=53&target=44", ["2.00 R", "33.3 %"]),
        ("tick_value", "tick=0.0001&contract=100000&rate=1&size=0.1&ticks=40", ["10.0000", "40.00"]),
        ("expectancy", "win_rate=40&win=2&loss=1", ["0.200 R", "20.0 R", "33.3 %"]),
        ("expectancy", "win_rate=0&win=2&loss=1", ["−1.000 R"]),
        ("drawdown_recovery", "drawdown=50&loss=2", ["100.0 %", "35 trades"]),
    ],
)
def test_a_calculator_works_it_out(as_ash: Client, code: str, asked: str, told: list[str]) -> None:
    gate_of(blocks.calculator(code))
    shown = page(as_ash, f"{HERE}?{asked}")
    assert [words for words in told if words not in shown] == []


@pytest.mark.parametrize(
    ("code", "asked", "told"),
    [
        ("position_size", "entry=50&stop=50", "no distance to size by"),
        ("position_size", "account=much", "write a number"),
        ("position_size", "account=1,234", "a single comma can mean both"),
        ("position_size", "risk=101", "give a number from"),
        ("position_size", "risk=0", "give a number from"),
        ("reward_to_risk", "entry=50&stop=48&target=49", "different sides"),
        ("reward_to_risk", "entry=50&stop=50&target=60", "different sides"),
        ("drawdown_recovery", "drawdown=100", "give a number from"),
        ("expectancy", "win=NaN", "write a number"),
        ("expectancy", "win=" + "9" * 500, "give a number from"),
    ],
)
def test_a_calculator_says_what_it_cannot_work_out(as_ash: Client, code: str, asked: str, told: str) -> None:
    gate_of(blocks.calculator(code))
    assert told in page(as_ash, f"{HERE}?{asked}")


def test_what_was_typed_stays_in_its_field(as_ash: Client) -> None:
    gate_of(blocks.calculator())
    shown = page(as_ash, f"{HERE}?account=%3Cb%3E&entry=51.5")
    assert 'value="51.5"' in shown
    assert 'value="&lt;b&gt;"' in shown


# --- Checkpoints ----------------------------------------------------------------------------------------


def answered(ash: User, lesson: Lesson, how: str) -> dict[str, Any]:
    """The form of an answer that is right (`solution`) or wrong (`mistake`)."""
    stored = lesson.rendered["blocks"][0]
    paper = paper_of(stored, checkpoints.seed_of(ash.pk, lesson.pk, stored["id"], 1))
    kind = KINDS[paper["type"]]
    return as_form(paper["token"], getattr(kind, how)(stored["question"], paper))


EVERY_KIND = [
    questions.multiple_choice(),
    questions.numeric(),
    questions.ordering(),
    questions.matching(),
    questions.chart_point(),
]


@pytest.mark.parametrize("question", EVERY_KIND, ids=lambda one: one["type"])
def test_every_kind_of_question_can_stand_inside_a_lesson(
    as_ash: Client, ash: User, question: dict[str, Any]
) -> None:
    lesson = gate_of(blocks.checkpoint(question=question))
    assert question["explanation"][:11] not in page(as_ash)
    assert as_ash.post(f"{HERE}check/", answered(ash, lesson, "solution")).status_code == 302
    assert "Correct" in page(as_ash)
    assert question["explanation"][:11] in page(as_ash)


def test_a_wrong_answer_is_told_why_and_the_second_one_what_is_right(as_ash: Client, ash: User) -> None:
    lesson = gate_of(blocks.checkpoint())
    wrong = answered(ash, lesson, "mistake")
    as_ash.post(f"{HERE}check/", wrong)
    first = page(as_ash)
    assert "Not quite" in first
    assert "FEEDBACK-7-" in first
    assert "EXPLANATION-7" not in first
    assert "Right answer" not in first
    as_ash.post(f"{HERE}check/", wrong)
    second = page(as_ash)
    assert "EXPLANATION-7" in second
    assert "Right answer" in second
    assert CheckpointAnswer.objects.get().tries == 2


def test_an_answer_that_is_none_comes_back(as_ash: Client) -> None:
    gate_of(blocks.checkpoint())
    answer = as_ash.post(f"{HERE}check/", {})
    assert answer.status_code == 422
    assert "choose an answer" in answer.content.decode()
    assert not CheckpointAnswer.objects.exists()


def test_it_pays_nothing_and_keeps_nobody_from_going_on(as_ash: Client, ash: User) -> None:
    lesson = gate_of(blocks.checkpoint())
    as_ash.post(f"{HERE}check/", answered(ash, lesson, "solution"))
    ash.profile.refresh_from_db()
    assert ash.profile.total_xp == 0
    assert as_ash.post(f"{HERE}continue/").status_code == 302


def test_after_a_new_version_the_question_is_open_again(as_ash: Client, ash: User) -> None:
    lesson = gate_of(blocks.checkpoint())
    old = answered(ash, lesson, "solution")
    as_ash.post(f"{HERE}check/", old)
    publish(lesson, content_data=blocks.lesson_of(blocks.checkpoint(title="New")), assessment_data=None)
    assert "EXPLANATION-7" not in page(as_ash)
    assert as_ash.post(f"{HERE}check/", old).status_code == 422


def test_a_question_that_cannot_be_worked_out_is_not_published() -> None:
    broken = blocks.checkpoint(question=questions.numeric(answer="account / (risk - risk)"))
    with pytest.raises(ValueError, match="divides by zero"):
        gate_of(broken)


# --- Reflections ----------------------------------------------------------------------------------------


def test_words_of_ones_own_are_kept_for_oneself(as_ash: Client, as_brand: Client) -> None:
    gate_of(blocks.reflection())
    as_ash.post(f"{HERE}reflect/", {"text": "MINE <b>alone</b>"})
    assert "MINE &lt;b&gt;alone&lt;/b&gt;" in page(as_ash)
    assert "MINE" not in page(as_brand)
    as_ash.post(f"{HERE}reflect/", {"text": "Other words"})
    assert [note.text for note in Note.objects.all()] == ["Other words"]
    as_ash.post(f"{HERE}reflect/", {"text": "  "})
    assert not Note.objects.exists()


def test_too_many_words_are_refused_in_words(as_ash: Client) -> None:
    gate_of(blocks.reflection())
    assert (
        "at most 5,000" in as_ash.post(f"{HERE}reflect/", {"text": "x" * 5001}, follow=True).content.decode()
    )
    assert not Note.objects.exists()


@pytest.mark.parametrize("door", ["check/", "reflect/"])
def test_what_is_for_one_kind_is_not_there_for_another(as_ash: Client, door: str) -> None:
    gate_of(blocks.prose())
    assert as_ash.post(f"{HERE}{door}", {"text": "x"}).status_code == 404
