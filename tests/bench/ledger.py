"""What a ledger row costs with the four scores that its trigger moves, against the same row without them."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import NamedTemporaryFile

from gamification.ledger import PAY
from tests.bench.figures import Figure, at_least, at_most, ratio, told
from tests.bench.house import House

TITLE = "The XP ledger"
ROUNDS, SECONDS, CLIENTS = 5, 2.0, 8
# The number of a learner gives their id, as `population` made them.
SOMEBODY = "\\set n random(1, {learners})\n"
ROW = """INSERT INTO xp_events (user_id, source, source_id, amount, reason, total_after)
VALUES (md5(:n::text)::uuid, 'correction', gen_random_uuid(), 50, 'Measured', 50);"""
# The product's own statement: the row, the person's total and flame, and the four scores.
WHOLE = PAY % {
    "user": "md5(:n::text)::uuid",
    "cause": "NULL::uuid",
    "total": "0",
    "at": "now()",
    "sources": "ARRAY['correction']",
    "ids": "ARRAY[gen_random_uuid()]",
    "amounts": "ARRAY[50]",
    "reasons": "ARRAY['Measured']",
}


def measure(house: House) -> list[Figure]:
    return paying(house, house.large, house.learners, ROUNDS, SECONDS)


def paying(house: House, database: str, learners: int, rounds: int, seconds: float) -> list[Figure]:
    """One client and eight: bare rows, rows with their scores and whole statements, in turn."""
    found: dict[tuple[str, int], list[float]] = {}
    scripts = {"bare": ROW, "scores": ROW, "whole": WHOLE}
    for _ in range(rounds):
        for clients in (1, CLIENTS):
            for name, script in scripts.items():
                with trigger(house, database, on=name != "bare"):
                    rate = per_second(house, database, script, learners, clients, seconds)
                found.setdefault((name, clients), []).append(rate)
    return figures(found)


def figures(found: dict[tuple[str, int], list[float]]) -> list[Figure]:
    bare, many = found["bare", 1], found["bare", CLIENTS]
    one, whole = ratio(bare, found["scores", 1]), ratio(bare, found["whole", 1])
    scores = found["scores", CLIENTS]
    kept = f"rows a second with scores against without, {CLIENTS} clients"
    return [
        at_most("a row with its four scores against a bare row, one client", one, 2, "×"),
        at_least(kept, ratio(scores, many), 0.45, "×"),
        told("row, total, flame and scores against a bare row, one client", whole, "×"),
        told("a bare row, one client", 1000 / median(bare), "ms"),
        told(f"bare rows a second, {CLIENTS} clients", median(many)),
        told(f"rows with scores a second, {CLIENTS} clients", median(scores)),
    ]


@contextmanager
def trigger(house: House, database: str, *, on: bool) -> Iterator[None]:
    """The trigger that moves the scores, on or off; on again after the block."""
    switch = "ALTER TABLE xp_events {} TRIGGER trigger_update_leaderboard"
    with house.superuser(database) as connection:
        connection.execute(switch.format("ENABLE" if on else "DISABLE"))
        try:
            yield
        finally:
            connection.execute(switch.format("ENABLE"))


def per_second(
    house: House, database: str, script: str, learners: int, clients: int, seconds: float
) -> float:
    """Transactions a second of this script, by PostgreSQL's own pgbench."""
    words = ["-n", "-M", "prepared", "-c", str(clients), "-j", str(min(clients, 2))]
    words += ["-T", str(round(seconds))] if seconds >= 1 else ["-t", "20"]
    with NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(SOMEBODY.format(learners=learners) + script.rstrip().rstrip(";") + ";\n")
        file.flush()
        command: list[str | Path] = [house.programs / "pgbench", *words, "-f", file.name, house.url(database)]
        done = subprocess.run(command, capture_output=True, text=True)
    rate = re.search(r"tps = ([\d.]+) \(without", done.stdout)
    if rate is None:
        raise RuntimeError(f"pgbench failed: {done.stderr[-500:]}")
    return float(rate[1])
