"""Stored numbers that should equal what they are derived from. A difference is a defect, and is reported."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

logger = logging.getLogger("dracarys.audit")


@dataclass(frozen=True, slots=True)
class Difference:
    """One stored number that its source does not confirm; None where the row itself is missing."""

    what: str
    stored: int | None
    rebuilt: int | None


def report(found: Sequence[Difference]) -> int:
    """Log every difference as an error, so that staff are told; how many there are."""
    for difference in found:
        logger.error(
            "Audit: %s is stored as %s, its source says %s",
            difference.what,
            difference.stored,
            difference.rebuilt,
        )
    return len(found)
