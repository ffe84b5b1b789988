"""Lists of the admin, asked by a superuser for what nobody may see, for nonsense, for every lookup."""

from collections import Counter

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests.amounts import amount
from tests.bad_input import hostile
from tests.bad_input.house import Visitor
from tests.bad_input.test_every_address import query
from tests.factories.fuzz import steady

pytestmark = pytest.mark.django_db
LOOKUPS = (
    "",
    "exact",
    "iexact",
    "startswith",
    "regex",
    "in",
    "range",
    "isnull",
    "isempty",
    "gte",
    "lt",
    "year",
    "month",
    "day",
    "date",
    "week_day",
    "hour",
    "contains",
    "has_key",
    "len",
    "overlap",
    "pk",
    "id__exact",
    "nope",
)
BEYOND = (
    "user__password__startswith",
    "author__password",
    "profile__bio",
    "payload__body__contains",
    "user__groups__permissions",
)
OWN = ("q", "o", "p", "e", "all", "_popup", "_to_field", "_facets", "_changelist_filters")
ORDERS = ("1.-2.3", "-99", "1.1.1", "a.b", "--1", ".", "99999999999999999999", "-", "1.x")
words = hostile.texts() | st.sampled_from(ORDERS)


def fields(model: type[Model]) -> list[str]:
    return [field.name for field in model._meta.get_fields()]


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, str]:
    """A list and what is asked of it: its own words, filters on any field, and fields of other tables."""
    model = draw(st.sampled_from(sorted(admin.site._registry, key=lambda one: one._meta.label_lower)))
    named = st.tuples(st.sampled_from(fields(model)), st.sampled_from(LOOKUPS)).map(
        lambda p: "__".join(p).strip("_")
    )
    pairs = draw(
        st.lists(
            st.tuples(st.sampled_from(OWN) | named | st.sampled_from(BEYOND), words), min_size=1, max_size=4
        )
    )
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), query(pairs)


def test_no_list_breaks_whatever_is_asked_of_it(house: dict[str, Visitor], tally: Counter[str]) -> None:
    @steady(amount(50, 6_000))
    @given(questions())
    def ask(question: tuple[str, str]) -> None:
        path, asked = question
        house["staff"].browser.once("GET", path, QUERY_STRING=asked)
        tally["fuzz cases: lists of the admin"] += 1

    ask()


def test_a_password_cannot_be_guessed_through_a_filter(house: dict[str, Visitor]) -> None:
    for path in ("/admin/learning/attempt/", "/admin/community/post/", "/admin/accounts/activity/"):
        for lookup in ("user__password__startswith", "author__password__startswith"):
            assert house["staff"].browser.once("GET", path, QUERY_STRING=f"{lookup}=a").status_code in (
                302,
                400,
            )


def test_what_an_autocomplete_is_asked(house: dict[str, Visitor], tally: Counter[str]) -> None:
    asked = st.dictionaries(st.sampled_from(("term", "app_label", "model_name", "field_name", "page")), words)
    good = {"app_label": "community", "model_name": "post", "field_name": "author", "term": "a"}

    @steady(amount(20, 1_000))
    @given(asked)
    def ask(changed: dict[str, str]) -> None:
        house["staff"].browser.once(
            "GET", "/admin/autocomplete/", QUERY_STRING=query(list((good | changed).items()))
        )
        tally["fuzz cases: lists of the admin"] += 1

    ask()
