"""A picture of every page in every look, and a page to look through them; it works from the disk alone."""

import os
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page

from tests.amounts import FULL
from tests.browser.looks import HEIGHT, LOOKS, Look
from tests.browser.measures import CHARTS_ARE_DRAWN
from tests.browser.pages import SECTIONS, PageType

ROOT = Path(__file__).resolve().parents[2]
STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --line: light-dark(#ddd8cf, #2a2f3d) }
body { margin: 0; background: light-dark(#f7f4ef, #0c0f16); color: light-dark(#1c2030, #e9e6df) }
main, header { padding: 0 24px 24px } h1 { margin: 24px 0 8px } h3 { margin: 32px 0 8px; font-size: 1.05rem }
h2 { margin: 48px 0 0; border-bottom: 1px solid var(--line) }
code, figcaption { opacity: .7; font-size: .85rem }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px } a { color: inherit }
section > div { display: flex; gap: 16px; overflow-x: auto; padding-bottom: 8px }
figure { margin: 0; flex: none } figure a { display: block; height: 380px; overflow: hidden;
  border: 1px solid var(--line); border-radius: 6px } img { display: block; width: 100% }
.w320 { width: 170px } .w768 { width: 270px } .w1280 { width: 420px }
"""


def folder() -> Path | None:
    """Where pictures are kept: PICTURES names it, and with the full amounts they are kept anyhow."""
    named = os.environ.get("PICTURES")
    if not (named or FULL):
        return None
    return ROOT / (named or "test-pictures")


class Album:
    """Keeps pictures in a folder, or nowhere."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        if folder:
            folder.mkdir(parents=True, exist_ok=True)

    def keep(self, page: Page, shown: PageType, look: Look) -> None:
        """The whole page, however long it is, with the bars that stick to a window's end at its end."""
        if self.folder:
            height: int = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": look.width, "height": height})
            page.wait_for_function(CHARTS_ARE_DRAWN)
            page.screenshot(path=self.folder / _file(shown, look))
            page.set_viewport_size({"width": look.width, "height": HEIGHT})

    def write_index(self, sections: Mapping[str, Iterable[PageType]] = SECTIONS) -> None:
        """The page to look through them, of the pictures that are there."""
        if not self.folder:
            return
        there = {path.name for path in self.folder.glob("*.png")}
        names = "".join(
            f'<a href="#{escape(quote(shown.name))}">{escape(shown.name)}</a>'
            for pages in sections.values()
            for shown in pages
        )
        body = "".join(
            f"<h2>{escape(title)}</h2>" + "".join(_row(shown, there) for shown in pages)
            for title, pages in sections.items()
        )
        (self.folder / "index.html").write_text(
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page of Dracarys</title>'
            f"<style>{STYLE}</style><header><h1>Every page of Dracarys</h1><nav>{names}</nav></header>"
            f"<main>{body}</main></html>",
            encoding="utf-8",
        )


def _row(shown: PageType, there: set[str]) -> str:
    """The looks of a page beside each other."""
    name, path, visitor = (escape(text) for text in (shown.name, shown.path, shown.visitor))
    figures = "".join(_figure(shown, look) for look in LOOKS if _file(shown, look) in there)
    title = f"<h3>{name} · <code>{path}</code> for {visitor}</h3>"
    return f'<section id="{name}">{title}<div>{figures}</div></section>'


def _figure(shown: PageType, look: Look) -> str:
    address = escape(quote(_file(shown, look)))
    told = escape(f"{shown.name}, {look.theme}, {look.width} px")
    picture = f'<a href="{address}"><img src="{address}" alt="{told}" loading="lazy"></a>'
    caption = f"<figcaption>{look.theme} · {look.width}</figcaption>"
    return f'<figure class="w{look.width}">{picture}{caption}</figure>'


def _file(shown: PageType, look: Look) -> str:
    return f"{shown.name}-{look}.png"
