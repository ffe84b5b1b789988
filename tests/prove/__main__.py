"""`make prove`: starts or goes on in the background.

Words: `status`, `stop`, `here` (in front), `again` (also what passed), and names of parts (only those).
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
from typing import TextIO

from tests.prove import page
from tests.prove.parts import PARTS
from tests.prove.results import FOLDER, load, source
from tests.prove.running import is_done, run_all, verdict
from tests.supply.tracked import ROOT

LOCK, LOG = FOLDER / "lock", FOLDER / "log"
USAGE = f"make prove ARGS='[again] [here|status|stop] [part …]', parts: {', '.join(p.name for p in PARTS)}"


def main(words: list[str]) -> int:
    names = [part.name for part in PARTS]
    if set(words) - {"here", "status", "stop", "again", *names}:
        print(USAGE)
        return 2
    FOLDER.mkdir(exist_ok=True)
    if "stop" in words:
        return stop()
    if "status" in words:
        return status()
    if "here" in words:
        return prove(words)
    return start(words)


def start(words: list[str]) -> int:
    """Begin in the background, or tell how far the one is that runs."""
    if runner() is None:
        command = [sys.executable, "-m", "tests.prove", "here", *words]
        with LOG.open("w") as log:
            subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        print("Proving in the background; `make prove` again tells how far it is.")
        return 0
    return status()


def prove(words: list[str]) -> int:
    """Run what is to be done, with the lock that says that somebody does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped; `make prove` goes on from here."))
    with LOCK.open("a+") as lock:
        if not _taken(lock):
            print("It is running already.")
            return 1
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        passed, named = True, [part for part in PARTS if part.name in words]
        for part in named or PARTS:
            passed &= run_all([part], again="again" in words)
            page.write(PARTS)
    print("All passed: docs/proof.md." if passed else "Not all passed: docs/proof.md.")
    return 0 if passed else 1


def status() -> int:
    now = source()
    for part in PARTS:
        result = load(part.name)
        said = verdict(result) if result else "not run yet"
        print(f"{part.name:14} {said}{'' if is_done(part, now) else ', to do'}")
    lines = LOG.read_text().splitlines() if LOG.exists() else []
    print(f"Running: {' '.join(lines[-1:])}" if runner() else "Not running.")
    return 0


def stop() -> int:
    if pid := runner():
        os.kill(pid, signal.SIGTERM)
        while runner():
            time.sleep(0.1)
        print("Stopped; `make prove` goes on from here.")
    return 0


def runner() -> int | None:
    """The process that proves, if one does."""
    with LOCK.open("a+") as lock:
        if _taken(lock):
            return None
        lock.seek(0)
        return int(lock.read())


def _taken(lock: TextIO) -> bool:
    """Whether the lock is ours now, for as long as the file is open."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
