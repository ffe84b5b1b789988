"""What a run found out, for the page of proof: a figure is a line of JSON in the file that FIGURES names."""

import json
import os


def note(name: str, value: float | str, *, limit: str = "", largest: bool = False) -> None:
    """Keep a figure and what it had to be; without FIGURES nothing is kept.

    Numbers noted under one name are added up, or the `largest` is taken, so that tests in several processes
    can each note their share; of texts the last one stands.
    """
    path = os.environ.get("FIGURES")
    if not path:
        return
    line = json.dumps({"name": name, "value": value, "limit": limit, "largest": largest})
    with open(path, "a", encoding="utf-8") as figures:  # noqa: PTH123
        figures.write(line + "\n")
