"""The matrix is worth something: it notices any one permission check that is taken away."""

import pytest

from tests.amounts import FULL
from tests.authorisation.matrix import Tally, forgeries, mismatches, strangers
from tests.authorisation.removals import Removal, removals, sample
from tests.authorisation.trying import Trial
from tests.figures import note

pytestmark = pytest.mark.django_db
SAMPLED = 20
TRIED = removals() if FULL else sample(SAMPLED)


def first_finding(trial: Trial, removal: Removal) -> str | None:
    """What the matrix says about this route, at the first thing that it has to say."""
    for search in (forgeries, mismatches, strangers):
        for found in search(trial, removal.route, Tally()):
            return found
    return None


@pytest.mark.parametrize("removal", TRIED, ids=str)
def test_a_check_that_is_taken_away_is_noticed(
    trial: Trial, monkeypatch: pytest.MonkeyPatch, removal: Removal
) -> None:
    removal.remove(monkeypatch)
    found = first_finding(trial, removal)
    note("permission checks taken away from views", 1)
    note("of these noticed by the matrix", int(found is not None), limit=str(len(TRIED)))
    assert found, f"Nobody noticed {removal}"


def test_the_sample_has_every_kind_of_check() -> None:
    assert len(sample(SAMPLED)) == SAMPLED
    assert {one.check for one in sample(SAMPLED)} == {one.check for one in removals()}
