"""The line to the database breaks at any step of a submit: sent again, it is graded and paid once."""

import pytest

from tests.amounts import FULL
from tests.faults.conftest import Wired
from tests.faults.learner import Learner
from tests.faults.wire import Lost
from tests.figures import note

# More than a submit and its result ask the database; the last ones find nothing left to break.
EVERY_STEP: list[int | bytes] = list(range(1, 45))
# Who acts, the lock, the pay, who acts again, and the moment of which nobody knows whether it was.
TURNS: list[int | bytes] = [
    b"BEGIN; SET LOCAL",
    b"FOR UPDATE",
    b"INTO xp_events",
    b"SET LOCAL ROLE auth",
    b"COMMIT",
]


@pytest.fixture(scope="module")
def undisturbed(wired: Wired) -> Learner:
    """What a submit does where nothing breaks."""
    learner = Learner(wired.site, wired.door.browser())
    wired.postgres.questions = 0
    assert learner.submit().status == 200
    assert wired.postgres.questions < len(EVERY_STEP)
    return learner


@pytest.mark.parametrize("lost", ["question", "answer"])
@pytest.mark.parametrize("step", EVERY_STEP if FULL else TURNS, ids=str)
def test_sent_again_it_is_graded_and_paid_exactly_once(
    wired: Wired, undisturbed: Learner, lost: Lost, step: int | bytes
) -> None:
    learner = Learner(wired.site, wired.door.browser())
    with wired.postgres.losing(lost, step):
        answer = learner.submit()
    if not FULL:
        assert answer.status == 503
    assert answer.status == 200 or answer.says_to_try_again, wired.site.log("wired")
    result = learner.submit()
    assert (result.status, result.path) == (200, f"{learner.paper}result/")
    assert learner.effects() == undisturbed.effects()
    note("faults: times the line to the database was cut in the middle of a submit", 1)
