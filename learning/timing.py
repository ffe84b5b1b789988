"""How long somebody worked on each question, without idle time."""

import datetime as dt
from collections.abc import Mapping

from learning.models import Attempt
from learning.questions import Given


def shared(attempt: Attempt, given: Mapping[str, Given], spent: dt.timedelta) -> dict[str, float]:
    """Seconds by token: the time gained since the last save goes to the questions that were answered anew.

    `spent` is the whole time of the attempt by now, of which a long gap is left out (`rules.time_spent`).
    """
    changed = [token for token, answer in given.items() if attempt.answers.get(token) != answer]
    if not changed:
        return {}
    gained = (spent - (attempt.time_spent or dt.timedelta())).total_seconds() / len(changed)
    return {token: round(attempt.seconds.get(token, 0) + gained, 1) for token in changed}
