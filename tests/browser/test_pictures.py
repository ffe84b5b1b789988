"""The page to look through the pictures: by page, whatever it is called, and from the disk alone."""

import re
from pathlib import Path

import pytest

from tests.browser import pictures
from tests.browser.looks import LOOKS
from tests.browser.pages import PageType
from tests.browser.pictures import Album

ODD = PageType('a "b" <c> & d?#%', "/<script>/", "o'learner")
SECTIONS = {"A <section>": (PageType("home", "/"), ODD)}


@pytest.fixture
def page(tmp_path: Path) -> str:
    """The page, of all pictures of one page and a single one of another."""
    for look in LOOKS:
        (tmp_path / f"home-{look}.png").touch()
    (tmp_path / f"{ODD.name}-{LOOKS[0]}.png").touch()
    Album(tmp_path).write_index(SECTIONS)
    return (tmp_path / "index.html").read_text("utf-8")


def test_the_looks_of_a_page_stand_beside_each_other_and_lead_to_the_whole_picture(page: str) -> None:
    home = page[page.index('<section id="home">') :].partition("</section>")[0]
    assert re.findall(r'<a href="([^"]*)"><img src="([^"]*)"', home) == [
        (f"home-{look}.png", f"home-{look}.png") for look in LOOKS
    ]


def test_names_are_text_and_addresses_lead_to_their_files(page: str, tmp_path: Path) -> None:
    assert "<script" not in page
    assert "A &lt;section&gt;" in page
    assert (
        "<h3>a &quot;b&quot; &lt;c&gt; &amp; d?#% · <code>/&lt;script&gt;/</code> for o&#x27;learner</h3>"
        in page
    )
    assert 'href="a%20%22b%22%20%3Cc%3E%20%26%20d%3F%23%25-light-320.png"' in page


def test_it_asks_nobody_else(page: str) -> None:
    assert not re.search(r"https?:|//", page)


def test_nothing_is_kept_unless_somebody_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "FULL", False)
    monkeypatch.delenv("PICTURES", raising=False)
    assert pictures.folder() is None
    monkeypatch.setenv("PICTURES", str(tmp_path))
    assert pictures.folder() == tmp_path
    Album(None).write_index(SECTIONS)
