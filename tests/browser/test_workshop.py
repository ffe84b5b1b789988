"""What this product is for, from both sides: somebody who never saw JSON writes, and somebody learns.

A gate of eight blocks and four kinds of question is written with the mouse, looked at as learners see it,
published, passed, found to have a mistake in its key, mended and regraded.
"""

import re

from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from gamification import audit
from learning.models import Attempt, Lesson, Level
from learning.workshop import regrading
from tests.browser.conftest import Visits
from tests.browser.steps import answer, begin, hand_in, read_on
from tests.factories.learning import make_dataset, make_topic

CHART = {"chart.dataset": "test-daily", "chart.start": "2024-01-05", "chart.end": "2024-01-14"}
BLOCKS = {
    "prose": {"title": "What a stop is", "markdown": "A stop **ends** a trade."},
    "callout": {"title": "Not advice", "markdown": "This teaches; it advises nobody."},
    "chart": {"title": "Ten days", **CHART, "chart.summary": "Ten rising days."},
    "worked_example": {
        "title": "Two steps",
        "markdown": "You buy at 100.",
        "steps.0.title": "The stop",
        "steps.0.markdown": "It lies at 98.",
    },
    "flash_cards": {
        "title": "From memory",
        "cards.0.front": "Stop?",
        "cards.0.back": "It ends a trade.",
        "cards.1.front": "Risk?",
        "cards.1.back": "What a stop costs.",
    },
    "calculator": {"title": "How much?"},
    "checkpoint": {
        "title": "Try it",
        "question.topic": "risk",
        "question.prompt": "What ends a trade?",
        "question.explanation": "That is what a stop is for.",
        "question.choices.0.text": "A stop",
        "question.choices.0.feedback": "Yes.",
        "question.choices.0.correct": "1",
        "question.choices.1.text": "Hope",
        "question.choices.1.feedback": "It never did.",
    },
    "reflection": {"title": "And you?", "markdown": "Where was your last stop?"},
}
ASKED = {"topic": "risk", "explanation": "As the lesson says."}
QUESTIONS = {
    # The second choice is right; the author ticks the first by mistake.
    "single_choice": {
        **ASKED,
        "prompt": "What does a stop do?",
        "choices.0.text": "It hopes",
        "choices.0.feedback": "It does not hope.",
        "choices.0.correct": "1",
        "choices.1.text": "It ends a trade",
        "choices.1.feedback": "That it does.",
    },
    "multiple_choice": {
        **ASKED,
        "prompt": "What does risk depend on?",
        "choices.0.text": "The size",
        "choices.0.feedback": "Yes.",
        "choices.0.correct": "1",
        "choices.1.text": "The mood",
        "choices.1.feedback": "No.",
    },
    "numeric": {
        **ASKED,
        "prompt": "You risk 2 a share on 50 shares. How much is that?",
        "answer": "2 * 50",
        "tolerance": "0",
        "feedback": "Two times fifty.",
    },
    "ordering": {
        **ASKED,
        "prompt": "In which order?",
        "items.0.text": "Look",
        "items.1.text": "Plan",
        "items.2.text": "Act",
        "feedback": "First look.",
    },
}


def fill(page: Page, said: dict[str, str]) -> None:
    """Fill in the fields of the form that these names stand for."""
    for name, value in said.items():
        field = page.locator(f'#item [name="{name}"]:not([type=hidden])')
        if field.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") == "checkbox":
            field.check()
        else:
            field.fill(value)


def add(page: Page, part: str, kind: str, said: dict[str, str]) -> None:
    """From the list to a new block or question, filled in and saved, and back."""
    page.locator(f"#{part}-kind").select_option(kind)
    page.locator(f'button[value="add:{part}"]').click()
    fill(page, said)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#error-summary")).to_have_count(0)
    page.get_by_role("link", name="Back to the list").click()


def tab(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="This gate").get_by_role("link", name=name).click()


def new_gate(page: Page) -> None:
    """From the list of gates to the empty workshop of a new one."""
    page.goto("/admin/learning/lesson/add/")
    page.get_by_label("Level").select_option("1")
    page.locator("#id_gate_id").fill("1")
    page.locator("#id_title").fill("Stops")
    page.locator("#id_xp_reward").fill("500")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile("/workshop/$"))


def publish(page: Page, words: str) -> None:
    page.get_by_label("What changed").fill(words)
    page.get_by_role("button", name="Publish").click()


def looked_at(page: Page) -> None:
    """The author walks through the lesson as a learner does, on a telephone in the dark."""
    tab(page, "Preview as learner")
    page.get_by_label("Colours").select_option("dark")
    page.get_by_role("button", name="Show", exact=True).click()
    frame = page.frame_locator("iframe.preview-frame")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    expect(frame.get_by_role("heading", name="What a stop is")).to_be_visible()
    for title in list(BLOCKS.values())[1:]:
        frame.locator(".actionbar .primary").click()
        expect(frame.locator("#step-title")).to_have_text(title["title"])


def test_a_lesson_is_written_previewed_published_passed_mended_and_regraded(
    visits: Visits, sol: User, ash: User
) -> None:
    make_dataset()
    make_topic()
    Level.objects.create(number=1, title="One")
    author = visits.open(sol)
    new_gate(author)
    for kind, said in BLOCKS.items():
        add(author, "blocks", kind, said)
    for kind, said in QUESTIONS.items():
        add(author, "questions", kind, said)
    looked_at(author)
    assert not Attempt.objects.exists()
    tab(author, "Check and publish")
    expect(author.get_by_text("Nothing stands in the way of publishing.")).to_be_visible()
    publish(author, "The first version")
    expect(author.get_by_text("Version 1 is published.")).to_be_visible()

    learner = visits.open(ash)
    learner.goto("/path/")
    learner.locator(".gate.current a.primary").click()
    read_on(learner)
    answer(learner, begin(learner, ash), mistakes=0)
    # They know better than the key: what it calls right is wrong.
    hopes = learner.locator("fieldset.question", has_text="What does a stop do?")
    hopes.get_by_label("It ends a trade").check()
    hand_in(learner)
    expect(learner.get_by_role("heading", level=1)).to_have_text("Not yet")
    result = learner.url

    tab(author, "Write")
    author.get_by_role("link", name="What does a stop do?").click()
    author.locator('[name="choices.0.correct"]').uncheck()
    author.locator('[name="choices.1.correct"]').check()
    author.get_by_role("button", name="Save", exact=True).last.click()
    tab(author, "Check and publish")
    expect(author.locator(".what-if")).to_contain_text("passed now")
    expect(author.locator(".what-if")).to_contain_text("75 % → 100 %")
    author.get_by_label("Regrade where it is better for the learner").check()
    publish(author, "The key was wrong")
    expect(author.get_by_text("Version 2 is published.")).to_be_visible()
    assert regrading.work(at=timezone.now()) == 1

    learner.goto(result)
    expect(learner.locator("main")).to_contain_text("The key was wrong")
    expect(learner.locator(".score [data-count]")).to_have_text("100")
    gate = Lesson.objects.get()
    assert gate.progress.get(user=ash).completed
    assert audit.differences() == []
