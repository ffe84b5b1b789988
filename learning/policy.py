"""What the author decided about attempts, read from a stored assessment."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from learning.rules import Policy

FIELDS = ("pass_score", "attempts", "counts", "answers_shown", "draw")


def policy_of(assessment: Mapping[str, Any] | None) -> Policy:
    """The policy of a stored assessment, which leaves defaults out."""
    said = assessment or {}
    wait = dt.timedelta(minutes=said.get("wait_minutes", 0))
    return Policy(wait=wait, **{name: said[name] for name in FIELDS if name in said})
