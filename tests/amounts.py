"""How much is tried: samples in `make test`, the full figures in `make prove`."""

import os

FULL = os.environ.get("AMOUNTS") == "full"
THREADS = 8


def amount(sample: int, full: int) -> int:
    """So many in `make test`, so many in `make prove`."""
    return full if FULL else sample


ROUNDS = amount(12, 200)
