"""Staff bring market data as CSV or make it up, replace it, look at it; what gates show stays."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from learning.models import Dataset, Lesson, PriceBar
from learning.publishing import publish
from learning.workshop import drafts
from tests.factories.learning import assessment, chart, content, make_dataset, make_gate

pytestmark = pytest.mark.django_db
ADD = "/admin/learning/dataset/add/"
MAKE_UP = "/admin/learning/dataset/generate/"
LIST = "/admin/learning/dataset/"
MIDNIGHT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
HEADER = "time,open,high,low,close,volume\n"
FACTS = {
    "code": "gold-daily",
    "title": "Gold, daily",
    "symbol": "XAU",
    "timeframe": "1d",
    "price_decimals": "2",
    "volume_unit": "",
    "source": "The mint’s own archive, 2024.",
    "ground_of_use": "Public domain.",
}
RECIPE = {
    "code": "made-up",
    "title": "A calm market",
    "symbol": "CALM",
    "timeframe": "1d",
    "price_decimals": "2",
    "seed": "7",
    "bars": "300",
    "start": "2024-01-01",
    "start_price": "100",
    "drift": "5",
    "volatility": "20",
    "regime_bars": "40",
    "volume": "1000",
}


def days(count: int, first: dt.date = dt.date(2024, 1, 1)) -> str:
    return HEADER + "".join(
        f"{first + dt.timedelta(n)},{10 + n},{12 + n},9,{11 + n},5\n" for n in range(count)
    )


def csv(text: str | bytes, name: str = "prices.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def change(code: str) -> str:
    return f"{LIST}{code}/change/"


def words(answer: Any) -> str:
    page: str = answer.content.decode()
    return page


def test_a_data_set_is_brought_as_a_form_and_a_file(as_sol: Client) -> None:
    answer = as_sol.post(ADD, {**FACTS, "file": csv("\ufeff" + days(130))})
    assert answer.status_code == 302
    kept = Dataset.objects.get(pk="gold-daily")
    assert (kept.bar_count, kept.bars.count(), len(kept.digest), kept.synthetic) == (130, 130, 64, False)
    first = kept.bars.earliest("time")
    assert (first.time, first.open, first.volume) == (MIDNIGHT, Decimal(10), Decimal(5))
    page = words(as_sol.get(change("gold-daily")))
    assert "<svg" in page
    assert "120 daily bars, 11 January to 9 May 2024" in page
    assert "2024-01-01 00:00 to 2024-05-09 00:00 UTC" in page
    assert "none longer than weekends and holidays explain" in page
    assert "no gate" in page


@pytest.mark.parametrize("missing", ["source", "ground_of_use", "file", "code", "timeframe", "title"])
def test_nothing_is_kept_without_its_source_its_ground_and_its_bars(as_sol: Client, missing: str) -> None:
    sent = {**FACTS, "file": csv(days(3))}
    del sent[missing]
    answer = as_sol.post(ADD, sent)
    assert answer.status_code == 200
    assert "This field is required." in words(answer)
    assert not Dataset.objects.exists()


def test_errors_name_line_and_reason_and_lose_no_typed_input(as_sol: Client) -> None:
    wrong = HEADER + "2024-01-01,1,2,0.5,one,3\n2024-01-02,1,2,1.5,1,3\n2024-01-02,1,2,0.5,1,-3\n" * 9
    answer = as_sol.post(ADD, {**FACTS, "file": csv(wrong)})
    page = words(answer)
    assert answer.status_code == 200
    assert "Line 2: close “one” is no number." in page
    assert "Line 3: low 1.5 is above open 1." in page
    assert "Line 21: " in page
    assert "Line 22: " not in page
    assert "… and 7 more." in page
    for typed in FACTS.values():
        assert typed in page
    assert not Dataset.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("code", "Gold Daily", "Use small letters, digits and hyphens"),
        ("price_decimals", "9", "less than or equal to 8"),
        ("timeframe", "2d", "not one of the available choices"),
        ("title", "x" * 81, "at most 80 characters"),
        ("source", "x" * 2001, "at most 2000 characters"),
        ("source", "a\0b", "Null characters are not allowed"),
    ],
)
def test_what_is_said_of_the_bars_is_checked_too(as_sol: Client, field: str, value: str, reason: str) -> None:
    answer = as_sol.post(ADD, {**FACTS, field: value, "file": csv(days(3))})
    assert answer.status_code == 200
    assert reason in words(answer)
    assert not Dataset.objects.exists()


def test_a_code_is_given_once(as_sol: Client) -> None:
    make_dataset("gold-daily")
    answer = as_sol.post(ADD, {**FACTS, "file": csv(days(3))})
    assert "already exists" in words(answer)
    assert PriceBar.objects.count() == 40


def test_new_bars_replace_all_and_published_lessons_keep_their_charts(as_sol: Client, gate: Lesson) -> None:
    before = Lesson.objects.get(pk=gate.pk).rendered
    page = words(as_sol.get(change("test-daily")))
    assert (
        "Published lessons keep the charts they were rendered with, until they are published again." in page
    )
    sent = {**FACTS, "code": "another-one", "file": csv(days(5))}
    assert as_sol.post(change("test-daily"), sent).status_code == 302
    kept = Dataset.objects.get(pk="test-daily")
    assert (kept.title, kept.bar_count, kept.bars.count()) == ("Gold, daily", 5, 5)
    assert Lesson.objects.get(pk=gate.pk).rendered == before
    assert Dataset.objects.count() == 1


def test_a_bad_file_leaves_the_old_bars_and_words(as_sol: Client) -> None:
    make_dataset("gold-daily")
    answer = as_sol.post(change("gold-daily"), {**FACTS, "file": csv("what is this?")})
    assert "Line 1: the columns time, open, high, low, close, volume are missing" in words(answer)
    kept = Dataset.objects.get()
    assert (kept.title, kept.bars.count()) == ("Test index, daily", 40)


def test_words_change_without_a_file(as_sol: Client) -> None:
    make_dataset("gold-daily")
    assert as_sol.post(change("gold-daily"), FACTS).status_code == 302
    kept = Dataset.objects.get()
    assert (kept.title, kept.bars.count()) == ("Gold, daily", 40)
    answer = as_sol.post(change("gold-daily"), {**FACTS, "timeframe": "1w"})
    assert "The bars there are have another time frame" in words(answer)


def test_a_gap_that_no_weekend_explains_is_told(as_sol: Client) -> None:
    text = days(5) + days(5, dt.date(2024, 2, 1)).removeprefix(HEADER)
    as_sol.post(ADD, {**FACTS, "file": csv(text)})
    page = words(as_sol.get(change("gold-daily")))
    assert "1 pause longer than weekends and holidays explain; the longest:" in page
    assert "2024-01-05 00:00 – 2024-02-01 00:00 UTC" in page


def test_5_mb_and_100_000_bars_are_the_most(as_sol: Client) -> None:
    hours = (dt.datetime(2000, 1, 1) + dt.timedelta(hours=n) for n in range(100_001))  # noqa: DTZ001
    lines = [f"{hour.isoformat()}Z,1.5,2.5,1.25,2,10\n" for hour in hours]
    most = {**FACTS, "timeframe": "1h", "file": csv(HEADER + "".join(lines[:-1]))}
    assert as_sol.post(ADD, most).status_code == 302
    assert PriceBar.objects.count() == 100_000
    one_more = {**FACTS, "code": "more", "timeframe": "1h", "file": csv(HEADER + "".join(lines))}
    assert "Line 100002: there are more than 100,000 bars." in words(as_sol.post(ADD, one_more))
    too_long = {**FACTS, "code": "more", "file": csv(HEADER + "#" * 5 * 2**20)}
    assert "The file is larger than 5 MB." in words(as_sol.post(ADD, too_long))
    assert as_sol.post(ADD, {**FACTS, "file": csv("#" * 7 * 2**20)}).status_code == 400
    assert Dataset.objects.count() == 1


def test_prices_are_made_up_from_a_seed_and_every_chart_says_so(as_sol: Client, as_ash: Client) -> None:
    assert MAKE_UP in words(as_sol.get(ADD))
    assert f'href="{ADD}"' in words(as_sol.get(MAKE_UP)).partition("Upload a file instead")[0][-60:]
    assert "Volatility" in words(as_sol.get(MAKE_UP))
    assert as_sol.post(MAKE_UP, RECIPE).status_code == 302
    assert as_sol.post(MAKE_UP, {**RECIPE, "code": "again"}).status_code == 302
    assert as_sol.post(MAKE_UP, {**RECIPE, "code": "other", "seed": "8"}).status_code == 302
    one, again, other = (Dataset.objects.get(pk=code) for code in ("made-up", "again", "other"))
    assert one.digest == again.digest != other.digest
    assert one.synthetic
    assert one.recipe
    assert (one.recipe["seed"], one.recipe["volatility"], one.bar_count) == (7, "0.2", 300)
    page = words(as_sol.get(change("made-up")))
    assert "seed 7, bars 300" in page
    assert "volatility a year 20 %" in page
    assert "Made up by Dracarys; from no real market." in page
    lesson = make_gate(1, 1)
    shown = chart(dataset="made-up", start="2024-01-01", end="2024-02-01")
    blocks = content()["blocks"]
    blocks[1]["chart"] = shown
    publish(lesson, content_data={"blocks": blocks}, assessment_data=assessment())
    learnt = words(as_ash.get("/learn/1/1/2/"))
    assert "Made-up prices, from no real market" in learnt
    assert "seed" not in learnt


def test_a_chart_of_real_prices_does_not_say_so(as_ash: Client, gate: Lesson) -> None:
    assert "Made-up" not in words(as_ash.get("/learn/1/1/2/"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"seed": "-1"}, "greater than or equal to 0"),
        ({"seed": "x"}, "Enter a whole number"),
        ({"volatility": "0"}, "greater than or equal to 1"),
        ({"volatility": "NaN"}, "Enter a number"),
        ({"bars": "10001"}, "less than or equal to 10000"),
        ({"start": "9999-12-30"}, "beyond the year 9999"),
        ({"start_price": "0"}, "start_price"),
        ({"start_price": "0.05"}, "too close to nothing"),
        ({"start_price": "999999999999"}, "grows beyond what can be kept"),
    ],
)
def test_a_recipe_that_cannot_be_made_says_why(as_sol: Client, changes: dict[str, str], reason: str) -> None:
    answer = as_sol.post(MAKE_UP, {**RECIPE, **changes})
    assert answer.status_code == 200
    assert reason in words(answer)
    assert "A calm market" in words(answer)
    assert not Dataset.objects.exists()


def test_real_prices_in_the_place_of_made_up_ones_lose_the_mark(as_sol: Client) -> None:
    as_sol.post(MAKE_UP, {**RECIPE, "code": "gold-daily"})
    assert "made from a seed" in words(as_sol.post(change("gold-daily"), FACTS))
    assert as_sol.post(change("gold-daily"), {**FACTS, "file": csv(days(3))}).status_code == 302
    kept = Dataset.objects.get()
    assert (kept.synthetic, kept.recipe, kept.bar_count) == (False, None, 3)


def test_what_gates_show_is_not_deleted_and_the_page_names_them(as_sol: Client, gate: Lesson) -> None:
    make_dataset("unused")
    page = words(as_sol.get(f"{LIST}test-daily/delete/"))
    assert "is shown by gate" in page
    assert f"/admin/learning/lesson/{gate.pk}/change/" in page
    assert "Price bar" not in page
    as_sol.post(f"{LIST}test-daily/delete/", {"post": "yes"})
    both = {"action": "delete_selected", "_selected_action": ["test-daily", "unused"], "post": "yes"}
    as_sol.post(LIST, both)
    assert Dataset.objects.count() == 2
    assert as_sol.post(f"{LIST}unused/delete/", {"post": "yes"}).status_code == 302
    assert list(Dataset.objects.values_list("pk", flat=True)) == ["test-daily"]
    assert PriceBar.objects.count() == 40


def test_a_draft_that_shows_it_holds_it_too(as_sol: Client, sol: User, gate: Lesson) -> None:
    make_dataset("drafted")
    blocks = [{"id": "a", "type": "chart", "title": "A", "chart": chart(dataset="drafted")}]
    drafts.save(drafts.draft_of(gate), content={"blocks": blocks}, assessment=None, by=sol.pk)
    as_sol.post(f"{LIST}drafted/delete/", {"post": "yes"})
    assert Dataset.objects.filter(pk="drafted").exists()
    drafts.discard(gate, revision=1)
    as_sol.post(f"{LIST}drafted/delete/", {"post": "yes"})
    assert not Dataset.objects.filter(pk="drafted").exists()


def test_a_question_that_shows_it_holds_it_too(as_sol: Client) -> None:
    lesson, _ = make_gate(1, 1), make_dataset("asked-about")
    asked = [one | {"chart": chart(dataset="asked-about")} for one in assessment()["questions"]]
    publish(lesson, content_data=content(), assessment_data=assessment() | {"questions": asked})
    assert "is shown by gate" in words(as_sol.get(f"{LIST}asked-about/delete/"))


def test_staff_who_may_only_look_see_everything_and_change_nothing(ash: User, as_ash: Client) -> None:
    make_dataset("gold-daily")
    User.objects.filter(pk=ash.pk).update(is_staff=True)
    ash.user_permissions.add(Permission.objects.get(codename="view_dataset"))
    page = as_ash.get(change("gold-daily"))
    assert page.status_code == 200
    assert "<svg" in words(page)
    assert 'type="file"' not in words(page)
    assert as_ash.get(ADD).status_code == as_ash.get(MAKE_UP).status_code == 403
    assert as_ash.post(change("gold-daily"), {**FACTS, "file": csv(days(3))}).status_code == 403
    assert as_ash.post(ADD, {**FACTS, "file": csv(days(3))}).status_code == 403


def test_a_learner_uploads_nothing(as_ash: Client, client: Client) -> None:
    for browser in (as_ash, client):
        assert browser.post(ADD, {**FACTS, "file": csv(days(3))}).status_code == 302
    assert not Dataset.objects.exists()
