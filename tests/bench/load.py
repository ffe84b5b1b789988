"""The load generator, a process of its own: `python -m tests.bench.load < plan.json` prints what it saw.

So many connections ask for the same few things over and over, each as soon as its last answer is there.
"""

import http.client
import itertools
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.bench.figures import ROOT

# What a proxy in front would say, and what a browser does.
HEADERS = {"X-Forwarded-Proto": "https", "Accept-Encoding": "br, gzip", "Accept": "text/html"}


@dataclass(frozen=True, slots=True)
class Request:
    """One thing to ask for; with a form it is a POST."""

    path: str
    cookie: str = ""
    form: dict[str, str] | None = None
    expected: int = 200


@dataclass(slots=True)
class Seen:
    """What came back: seconds for each answer, in the order of their ends, and what was not as expected."""

    seconds: float = 0.0
    answers: list[float] = field(default_factory=list)
    bytes: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        return len(self.answers) / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds within which so many percent were answered."""
        ordered = sorted(self.answers)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] * 1000


def ask(url: str, requests: Sequence[Request], *, times: int, connections: int = 4) -> Seen:
    """Ask `times` times, in another process. Raises RuntimeError when an answer is not as expected."""
    plan = {"url": url, "requests": [asdict(r) for r in requests], "times": times, "connections": connections}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    seen = Seen(**json.loads(done.stdout))
    if seen.wrong:
        raise RuntimeError(f"{len(seen.wrong)} answers were not as expected, such as {seen.wrong[0]}")
    return seen


def generate(plan: dict[str, Any]) -> Seen:
    """Do what the plan says."""
    seen, queue = Seen(), _queue([Request(**r) for r in plan["requests"]], plan["times"])
    arguments = (urlsplit(plan["url"]).netloc, queue, seen)
    threads = [threading.Thread(target=_connection, args=arguments) for _ in range(plan["connections"])]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.seconds = time.perf_counter() - start
    return seen


def _queue(requests: Sequence[Request], times: int) -> Iterator[Request]:
    return itertools.islice(itertools.cycle(requests), times)


def _connection(host: str, queue: Iterator[Request], seen: Seen) -> None:
    # Taking the next of an iterator and appending to a list are each one step for the interpreter.
    connection = http.client.HTTPConnection(host, timeout=60)
    for request in queue:
        start = time.perf_counter()
        status, size = _answer(connection, host, request)
        seen.answers.append(time.perf_counter() - start)
        seen.bytes += size
        if status != request.expected:
            seen.wrong.append(f"{status} for {request.path}")
    connection.close()


def _answer(connection: http.client.HTTPConnection, host: str, request: Request) -> tuple[int, int]:
    headers = {**HEADERS, **({"Cookie": request.cookie} if request.cookie else {})}
    body = None
    if request.form is not None:
        body = urlencode(request.form)
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{host}"}
    connection.request("GET" if body is None else "POST", request.path, body, headers)
    response = connection.getresponse()
    return response.status, len(response.read())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(generate(json.load(sys.stdin)))))
