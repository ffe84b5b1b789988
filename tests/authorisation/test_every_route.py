"""Every line of the URLconf, as every role, by every method, plain and for htmx: as the policy file says."""

from collections.abc import Callable, Iterator

import pytest

from tests.authorisation.cells import ROLES
from tests.authorisation.completeness import is_public
from tests.authorisation.matrix import Tally, forgeries, mismatches, strangers
from tests.authorisation.objects import has_strangers
from tests.authorisation.policy import POLICY
from tests.authorisation.trying import Trial
from tests.figures import note
from tests.site.addresses import Route, routes

pytestmark = pytest.mark.django_db
EACH = pytest.mark.parametrize("route", routes(), ids=str)
Search = Callable[[Trial, Route, Tally], Iterator[str]]


def nothing_found(search: Search, trial: Trial, route: Route) -> None:
    tally = Tally()
    found = list(search(trial, route, tally))
    note("cells of the authorisation matrix tried", tally.cells)
    note("mismatches between the site and the policy", len(found), limit="0")
    note("rows touched by calls that were refused", tally.touched_when_refused, limit="0")
    assert not found, "\n".join(["", *found])


@EACH
def test_every_role_meets_what_the_policy_says(trial: Trial, route: Route) -> None:
    nothing_found(mismatches, trial, route)
    note("routes of the authorisation matrix", 1)


@pytest.mark.parametrize("route", [one for one in routes() if has_strangers(one)], ids=str)
def test_a_strangers_thing_answers_like_one_that_is_not_there(trial: Trial, route: Route) -> None:
    nothing_found(strangers, trial, route)


@EACH
def test_a_form_without_its_token_is_not_taken(trial: Trial, route: Route) -> None:
    nothing_found(forgeries, trial, route)


@pytest.mark.parametrize("path", POLICY.outside)
def test_what_stands_beside_the_urlconf_is_for_everybody(trial: Trial, path: str) -> None:
    for role in ROLES:
        for method in ("GET", "HEAD"):
            answer = trial.ask(path, role=role, method=method)
            assert (answer.outcome, answer.touched) == (POLICY.outside[path], {}), f"{method} as {role}"


def test_a_visitor_can_read_the_public_pages_to_their_end(trial: Trial) -> None:
    public = [one for one in routes() if is_public(one) and not one.parts]
    answers = {str(one): trial.ask(one.path({}), role="anonymous") for one in public}
    read = {name for name, answer in answers.items() if answer.status == 200}
    assert {"home", "terms", "risk", "help", "licences", "account_login", "account_signup"} <= read
    assert all(b"</html>" in answers[name].body for name in read)
