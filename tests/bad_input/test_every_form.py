"""Every form that anybody can reach, found by walking through the site: an answer in words, never a fault."""

from collections import Counter

import pytest
from django.contrib import admin
from django.forms import BaseForm
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from dracarys.lib.read_only_admin import ReadOnlyAdmin
from tests.amounts import amount
from tests.bad_input.bodies import spoilt
from tests.bad_input.house import CAST, Visitor
from tests.factories.fuzz import steady
from tests.site.addresses import addresses

pytestmark = pytest.mark.django_db
OURS = ("dracarys", "accounts", "billing", "gamification", "learning", "community", "sessions")
# allauth's page for a way of signing in that is switched off: it sends everybody away.
CLOSED = {"account_confirm_login_code"}
# More where more is behind it.
CASES = dict.fromkeys(CAST, amount(10, 1_000)) | {"learner": amount(25, 2_000), "staff": amount(40, 4_000)}


def found(house: dict[str, Visitor]) -> set[str]:
    return {form.route for visitor in house.values() for form in visitor.forms}


def takes_forms(visitor: Visitor, path: str) -> bool:
    """A view that says nothing about methods takes them all."""
    answer = visitor.browser.once("OPTIONS", path)
    return answer.status_code in (200, 405) and "POST" in answer.headers.get("Allow", "POST")


def test_every_route_that_takes_a_form_is_found_with_its_form(house: dict[str, Visitor]) -> None:
    ours = [one for one in addresses() if not one.name.startswith("admin:")]
    posts = {one.name for one in ours if any(takes_forms(who, one.path) for who in house.values())}
    alone = sorted(posts - found(house) - CLOSED)
    assert not alone, (
        f"{alone} take forms, but nobody of the cast finds a form that leads there. Link its page, or let "
        "somebody in CAST of tests/bad_input/house.py arrive in the state in which the form is shown."
    )


def test_every_page_of_the_admin_that_edits_is_found_with_its_form(house: dict[str, Visitor]) -> None:
    edited = [model for model, one in admin.site._registry.items() if not isinstance(one, ReadOnlyAdmin)]
    names = {f"{model._meta.app_label}_{model._meta.model_name}_change" for model in edited}
    assert {f"admin:{name}" for name in names} <= found(house)
    assert all(reverse(f"admin:{name}", args=[1]) for name in names)


@pytest.mark.parametrize("name", CAST)
def test_no_form_breaks_whatever_is_sent(house: dict[str, Visitor], tally: Counter[str], name: str) -> None:
    visitor = house[name]

    @steady(CASES[name])
    @given(st.data())
    def send(data: st.DataObject) -> None:
        form = data.draw(st.sampled_from(visitor.forms))
        htmx = {"HTTP_HX_REQUEST": "true"} if data.draw(st.booleans()) else {}
        visitor.browser.once("POST", form.action, **data.draw(spoilt(form)), **htmx)
        tally["fuzz cases: forms over http"] += 1

    send()


def test_every_class_of_form_was_among_them(
    house: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[type[BaseForm]] = set()
    clean = BaseForm.full_clean

    def noted(form: BaseForm) -> None:
        asked.update(type(form).__mro__ if form.is_bound else ())
        clean(form)

    monkeypatch.setattr(BaseForm, "full_clean", noted)
    for visitor in house.values():
        for form in visitor.forms:
            # With the last two a list of the admin looks for the action that is asked of it.
            data, kind = "a=b&index=0&_selected_action=1", "application/x-www-form-urlencoded"
            visitor.browser.once("POST", form.action, data=data, content_type=kind)
    alone = {one.__name__ for one in classes(BaseForm)} - {one.__name__ for one in asked}
    assert not alone, f"{sorted(alone)} are sent by no form that the cast of tests/bad_input/house.py finds"


def classes(base: type) -> set[type]:
    """Every class of form that the product defines."""
    below: list[type] = base.__subclasses__()
    found = {one for kind in below for one in classes(kind) | {kind}}
    return {one for one in found if one.__module__.startswith(OURS)}
