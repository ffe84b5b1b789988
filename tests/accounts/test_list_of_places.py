"""The list of time zones is the form's own list, joined by hand for speed."""

from html.parser import HTMLParser

import pytest
from django import forms

from accounts.forms import PlaceSelect, TimezoneField, timezone_choices

Tags = list[tuple[str, frozenset[tuple[str, str | None]]]]


class Reader(HTMLParser):
    """The tags with their attributes, and the words between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: Tags = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, frozenset((name, value or None) for name, value in attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())


def rendered(widget: forms.Select, value: str | None) -> Reader:
    return Reader(widget.render("timezone", value, {"id": "id_timezone", "aria-invalid": "true"}))


@pytest.mark.parametrize(
    "value",
    ["UTC", "Europe/Oslo", "America/Argentina/Ushuaia", "Asia/Calcutta", "", None, '"><script>', "Nowhere/X"],
)
def test_it_is_what_django_makes_of_the_same_choices(value: str | None) -> None:
    ours = TimezoneField().widget
    assert isinstance(ours, PlaceSelect)
    theirs = forms.Select(attrs=ours.attrs, choices=timezone_choices())
    found, wanted = rendered(ours, value), rendered(theirs, value)
    assert found.tags == wanted.tags
    assert found.words == wanted.words


def test_one_place_is_chosen_and_only_that_one() -> None:
    found = rendered(TimezoneField().widget, "Europe/Oslo")
    chosen = [dict(attributes)["value"] for tag, attributes in found.tags if ("selected", None) in attributes]
    assert chosen == ["Europe/Oslo"]
