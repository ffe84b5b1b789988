"""Private notes beside the blocks, and gates that are bookmarked."""

import pytest
from django.test import Client

from accounts.models import User
from dracarys.db.acting import acting_as, person
from learning import notes
from learning.models import Bookmark, Lesson, Note, NoteKind
from tests.bad_input.vectors import POLYGLOT
from tests.conftest import Counted
from tests.factories.learning import make_gate

pytestmark = pytest.mark.django_db
NOTE = "/learn/1/1/notes/block-1/"
KEEP = "/learn/1/1/bookmark/"
HTMX = {"HX-Request": "true"}


def write(
    client: Client, text: str, *, seen: str = "", url: str = NOTE, htmx: bool = False
) -> tuple[int, str]:
    answer = client.post(url, {"text": text, "seen": notes.seen(seen)}, headers=HTMX if htmx else {})
    return answer.status_code, answer.content.decode()


def mine(user: User) -> list[str]:
    return list(Note.objects.filter(user=user).order_by("block").values_list("text", flat=True))


def test_a_note_is_kept_beside_its_block(gate: Lesson, ash: User, as_ash: Client) -> None:
    answer = as_ash.post(NOTE, {"text": "Remember the open.\r\nAnd the close.", "seen": ""})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/learn/1/1/1/#note")
    assert mine(ash) == ["Remember the open.\nAnd the close."]
    assert "Remember the open." in as_ash.get("/learn/1/1/1/").content.decode()
    assert "Remember the open." not in as_ash.get("/learn/1/1/2/").content.decode()


def test_htmx_saves_in_place(gate: Lesson, ash: User, as_ash: Client) -> None:
    status, html = write(as_ash, "First", htmx=True)
    assert status == 200
    assert "Saved" in html
    assert "<html" not in html
    assert f'name="seen" value="{notes.seen("First")}"' in html


def test_an_empty_note_is_deleted(gate: Lesson, ash: User, as_ash: Client) -> None:
    write(as_ash, "First")
    assert "Note deleted" in write(as_ash, "  \n ", seen="First", htmx=True)[1]
    assert mine(ash) == []
    assert write(as_ash, "")[0] == 302
    assert mine(ash) == []


def test_the_later_of_two_tabs_is_shown_both_texts(gate: Lesson, ash: User, as_ash: Client) -> None:
    write(as_ash, "From the first tab")
    for htmx in (True, False):
        status, html = write(as_ash, "From the second tab", htmx=htmx)
        assert status == 422
        assert "From the first tab" in html
        assert mine(ash) == ["From the first tab"]
    assert "From the second tab</textarea>" in html
    assert write(as_ash, "Both joined", seen="From the first tab")[0] == 302
    assert mine(ash) == ["Both joined"]


def test_deleting_in_one_tab_what_another_changed_asks_first(gate: Lesson, ash: User, as_ash: Client) -> None:
    write(as_ash, "One")
    write(as_ash, "Two", seen="One")
    assert write(as_ash, "", seen="One")[0] == 422
    assert mine(ash) == ["Two"]


def test_a_double_click_is_no_conflict(gate: Lesson, ash: User, as_ash: Client) -> None:
    assert [write(as_ash, "Same")[0] for _ in range(2)] == [302, 302]
    assert mine(ash) == ["Same"]


def test_a_note_has_a_longest_length_and_comes_back_whole(gate: Lesson, ash: User, as_ash: Client) -> None:
    assert write(as_ash, "x" * 5_000)[0] == 302
    status, html = write(as_ash, "y" * 5_001, seen="x" * 5_000)
    assert status == 422
    assert "y" * 5_001 in html
    assert mine(ash) == ["x" * 5_000]
    assert write(as_ash, "a\r\n" * 2_500, seen="x" * 5_000)[0] == 302


def test_a_note_of_scripts_is_text(gate: Lesson, as_ash: Client) -> None:
    write(as_ash, POLYGLOT)
    for page in ("/learn/1/1/1/", "/notes/"):
        assert POLYGLOT not in as_ash.get(page).content.decode()


@pytest.mark.parametrize("url", ["/learn/1/1/notes/no-such-block/", "/learn/9/9/notes/block-1/"])
def test_there_are_no_notes_beside_what_is_not_there(gate: Lesson, as_ash: Client, url: str) -> None:
    assert write(as_ash, "x", url=url)[0] == 404


def test_a_locked_gate_takes_no_notes(second_gate: Lesson, ash: User, as_ash: Client) -> None:
    answer = as_ash.post("/learn/1/2/notes/block-1/", {"text": "x"})
    assert answer.headers["Location"] == "/path/#gate-1-2"
    assert mine(ash) == []


def test_nobody_else_reads_or_writes_a_note(gate: Lesson, ash: User, brand: User, as_brand: Client) -> None:
    Note.objects.create(user=ash, lesson=gate, block="block-1", kind=NoteKind.NOTE, text="ASHS-OWN")
    for page in ("/notes/", "/notes/?q=ASHS", "/learn/1/1/1/"):
        assert "ASHS-OWN" not in as_brand.get(page).content.decode()
    with acting_as(person(brand.pk)):
        assert Note.objects.count() == 0
        assert Note.objects.update(text="taken") == 0


def test_staff_have_no_page_of_notes(as_sol: Client) -> None:
    html = as_sol.get("/admin/").content.decode()
    assert "/admin/learning/note/" not in html
    assert "/admin/learning/bookmark/" not in html


def test_all_notes_and_bookmarks_stand_on_one_page(gate: Lesson, ash: User, as_ash: Client) -> None:
    write(as_ash, "About candles", url="/learn/1/1/notes/block-2/")
    write(as_ash, "About wicks")
    kept = make_gate(1, 3, title="Only kept")
    Bookmark.objects.create(user=ash, lesson=kept)
    html = as_ash.get("/notes/").content.decode()
    assert html.index("About wicks") < html.index("About candles") < html.index("Only kept")
    assert 'href="/learn/1/1/2/#note"' in html
    assert "bookmarked" in html


def test_notes_are_searched(gate: Lesson, as_ash: Client) -> None:
    write(as_ash, "About candles", url="/learn/1/1/notes/block-2/")
    write(as_ash, "About 100 % of wicks")
    html = as_ash.get("/notes/", {"q": "100 %"}).content.decode()
    assert "About 100 % of wicks" in html
    assert "About candles" not in html
    assert "Nothing found" in as_ash.get("/notes/?q=zebra").content.decode()


def test_without_notes_the_page_says_where_they_come_from(as_ash: Client) -> None:
    assert "Nothing here yet" in as_ash.get("/notes/").content.decode()


def test_a_note_outlives_its_block_and_its_gate(gate: Lesson, ash: User, as_ash: Client) -> None:
    Note.objects.create(user=ash, lesson=gate, block="gone", kind=NoteKind.NOTE, text="Still here")
    assert "no longer there" in as_ash.get("/notes/").content.decode()
    Lesson.objects.update(is_active=False)
    html = as_ash.get("/notes/").content.decode()
    assert "Still here" in html
    assert gate.title not in html


def test_a_gate_is_bookmarked_once_however_often_one_asks(gate: Lesson, ash: User, as_ash: Client) -> None:
    for _ in range(2):
        answer = as_ash.post(KEEP, {"keep": "1", "next": "/learn/1/1/2/"})
        assert answer.headers["Location"] == "/learn/1/1/2/"
    assert Bookmark.objects.filter(user=ash).count() == 1
    assert 'aria-pressed="true"' in as_ash.get("/path/").content.decode()
    assert 'aria-pressed="true"' in as_ash.get("/learn/1/1/1/").content.decode()
    for _ in range(2):
        assert as_ash.post(KEEP, {"keep": "0"}).status_code == 302
    assert Bookmark.objects.filter(user=ash).count() == 0


def test_htmx_gets_the_other_button(gate: Lesson, as_ash: Client) -> None:
    html = as_ash.post(KEEP, {"keep": "1"}, headers=HTMX).content.decode()
    assert 'aria-pressed="true"' in html
    assert 'name="keep" value="0"' in html


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"])
def test_a_bookmark_leads_to_no_other_site(gate: Lesson, as_ash: Client, to: str) -> None:
    assert as_ash.post(KEEP, {"keep": "1", "next": to}).headers["Location"] == "/learn/1/1/"


def test_a_locked_gate_cannot_be_kept_but_let_go(second_gate: Lesson, ash: User, as_ash: Client) -> None:
    as_ash.post("/learn/1/2/bookmark/", {"keep": "1"})
    assert Bookmark.objects.count() == 0
    Bookmark.objects.create(user=ash, lesson=second_gate)
    as_ash.post("/learn/1/2/bookmark/", {"keep": "0"})
    assert Bookmark.objects.count() == 0


def test_somebody_signed_in_again_is_led_back(gate: Lesson, as_ash: Client) -> None:
    assert as_ash.get(NOTE).headers["Location"] == "/learn/1/1/1/"
    assert as_ash.get(KEEP).headers["Location"] == "/learn/1/1/"


def test_the_queries_of_a_note(gate: Lesson, as_ash: Client, counted: Counted) -> None:
    with counted(4 + 8):  # lesson 1, block 2, access 1, savepoint 2, the note 1, writing 1
        write(as_ash, "x")
