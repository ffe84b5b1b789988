"""Runs the parts that are still to be proved, one after the other."""

import datetime as dt
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.prove import lines
from tests.prove.parts import Part
from tests.prove.results import FOLDER, Result, figures_in, load, save, source
from tests.supply.tracked import ROOT


def is_done(part: Part, now: str) -> bool:
    """Whether the part passed with the code as it is."""
    result = load(part.name)
    return result is not None and result.passed and result.source == now


def run_all(parts: Sequence[Part], *, again: bool) -> bool:
    """Run what is to be done, or all of it again; whether all of it passed."""
    now = source()
    results = []
    for part in parts:
        if not again and is_done(part, now):
            print(f"{part.title}: passed before, with this very code.", flush=True)
            continue
        print(f"{part.title} …", flush=True)
        results.append(run(part, now))
        save(results[-1])
        print(f"  {verdict(results[-1])}", flush=True)
    return all(result.passed for result in results)


def verdict(result: Result) -> str:
    spent = f"{result.seconds // 60} min {result.seconds % 60} s"
    if result.passed:
        return f"{result.tests} tests passed in {spent}"
    return f"FAILED after {spent}: {', '.join(result.failed) or 'no test ran'}"


def run(part: Part, now: str) -> Result:
    """Run a part in a process group of its own, which ends with us; its output is kept in .prove/."""
    date, began = dt.datetime.now(dt.UTC).isoformat(timespec="minutes"), time.monotonic()
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        report, noted = Path(folder) / "report.xml", Path(folder) / "figures"
        environment = {**os.environ, "AMOUNTS": part.amounts, "FIGURES": str(noted)}
        program = [sys.executable, "-m", "pytest"]
        if part.measured:
            environment |= lines.kept_in(Path(folder))
            program = [*lines.COVERAGE, "run", "-m", "pytest"]
        workers = () if part.alone else ("-n", "2", "--dist", "loadfile")
        command = [*program, *part.tests, *workers, f"--junitxml={report}"]
        with (FOLDER / f"{part.name}.log").open("w") as log:
            status = _wait(command, environment, log.fileno())
        tests, failed = _counted(report)
        if part.measured:
            lines.tell(Path(folder), environment)
        if status and not failed:
            failed = [f"pytest ended with {status}, see .prove/{part.name}.log"]
        spent = round(time.monotonic() - began)
        return Result(part.name, now, date, spent, tests, tuple(failed), figures_in(noted))


def _wait(command: list[str], environment: dict[str, str], log: int) -> int:
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, process_group=0
    ) as process:
        try:
            return process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise


def _counted(report: Path) -> tuple[int, list[str]]:
    """How many tests ran, and the names of those that failed."""
    if not report.exists():
        return 0, []
    cases = list(ET.parse(report).iter("testcase"))  # noqa: S314  # written by our own pytest
    bad = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
    return len(cases), [f"{case.get('classname')}.{case.get('name')}" for case in bad]
