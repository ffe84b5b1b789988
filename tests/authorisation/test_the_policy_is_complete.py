"""The policy file knows every address, part, model, action and role, and nothing besides."""

from itertools import product

import pytest
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Permission
from django.http import HttpRequest, HttpResponse
from django.urls import path

from dracarys.urls import urlpatterns as site
from tests.amounts import FULL
from tests.authorisation.admin_pages import page_of
from tests.authorisation.cast import PEOPLE
from tests.authorisation.cells import ROLES, cells_of
from tests.authorisation.completeness import actions, is_public, said_in_vain, unsaid
from tests.authorisation.objects import OBJECTS
from tests.authorisation.policy import METHODS, NAME, POLICY
from tests.figures import note
from tests.site.addresses import Route, routes


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@login_not_required
def public_page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("teams/", page, name="teams"),
    path("offers/", public_page, name="offers"),
    path("posts/<slug:slug>/", page, name="post"),
    *site,
]


def test_every_address_part_and_model_is_in_the_policy() -> None:
    missing = list(unsaid(routes()))
    assert not missing, "\n\n".join(["", *missing])


def test_the_policy_says_nothing_about_what_is_gone() -> None:
    superfluous = list(said_in_vain(routes()))
    assert not superfluous, "\n".join(["", *superfluous])


@pytest.mark.urls(__name__)
def test_somebody_who_adds_an_address_is_told_the_line_to_add() -> None:
    told = "\n".join(unsaid(routes()))
    assert f'Add to [pages] of {NAME} who may do what at /teams/:\n"teams" = "learners: GET"' in told
    assert '"offers" = "everybody: GET"' in told
    assert '"post" = "learners: GET"' in told
    assert '"slug": {"own": lambda world, role: {"slug": …}, "a stranger\'s": …, "missing": …},' in told
    assert '"slug"."a stranger\'s" = "404"' in told


def test_somebody_who_adds_a_model_to_the_admin_is_told_the_line_to_add() -> None:
    told = list(unsaid([], [Permission]))
    assert told == [
        f'Add to [admin] of {NAME} what its staff may do:\n"auth.permission" = "view add change delete"'
    ]


def test_somebody_who_takes_an_address_away_is_told_the_line_to_take_out() -> None:
    left = [route for route in routes() if str(route) != "dashboard"]
    assert list(said_in_vain(left)) == ['Take "dashboard" out of [pages]: there is no such thing any more.']


def test_the_pages_that_want_no_sign_in_are_exactly_those_of_the_policy() -> None:
    public = {str(route) for route in routes() if is_public(route)}
    listed = {name for name, page in POLICY.pages.items() if "anonymous" in page}
    assert public == listed, (
        f"Not covered by LoginRequiredMiddleware: {sorted(public)}.\n"
        f"Of these the policy does not let visitors in: {sorted(public - listed)}.\n"
        f"The policy lets visitors in, the site does not: {sorted(listed - public)}."
    )


def test_every_case_of_a_part_has_its_answer() -> None:
    for parts, cases in POLICY.objects.items():
        assert set(cases) == set(OBJECTS[parts]), parts


def test_every_action_of_a_list_has_its_permission() -> None:
    own = {line for line in actions() if not line.endswith(": delete_selected")}
    assert own == {line for line in POLICY.actions if not line.endswith(": delete_selected")}


def test_every_role_is_somebody_and_belongs_somewhere() -> None:
    assert set(POLICY.roles) == set(PEOPLE) == set(POLICY.who["everybody"])
    assert set(POLICY.permissions) | {"superuser"} == set(POLICY.who["the staff"])
    note("roles of the authorisation matrix", len(POLICY.roles))


@pytest.mark.parametrize("route", routes(), ids=str)
def test_every_sort_of_person_and_of_method_appears_on_every_route(route: Route) -> None:
    cells = list(cells_of(route))
    roles, methods = {cell.role for cell in cells}, {cell.method for cell in cells}
    if FULL:
        assert (roles, methods) == (set(ROLES), set(METHODS))
    else:
        assert not roles.isdisjoint(POLICY.who["the staff"])
        assert len(roles - set(POLICY.who["the staff"])) >= 2
        assert len(methods) >= 3


@pytest.mark.parametrize("is_of_the_admin", [True, False])
def test_every_role_comes_by_every_method_plain_and_by_htmx(is_of_the_admin: bool) -> None:
    behind = [one for one in routes() if bool(page_of(one)) is is_of_the_admin]
    cells = [cell for one in behind for cell in cells_of(one)]
    assert {(cell.role, cell.method) for cell in cells} == set(product(ROLES, METHODS))
    assert {(cell.role, cell.htmx) for cell in cells} == set(product(ROLES, (False, True)))
