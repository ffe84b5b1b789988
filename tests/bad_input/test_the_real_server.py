"""The server of `make run`, for what a test client cannot send: our page, at once, and no memory."""

import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from dracarys.servers.family import Family
from tests import figures
from tests.bad_input.test_every_body import OUR_PAGE, TOO_BIG
from tests.servers.runs import REPOSITORY, clean_environment, eventually, free_port

pytestmark = pytest.mark.django_db
WEB = "granian --interface wsgi --workers 1 --blocking-threads 1 --host 127.0.0.1 --log-level critical"
FORM = "application/x-www-form-urlencoded"


def ask(
    port: int, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """Status and page. A server that answers before it has read everything may stop the sending."""
    peer = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with suppress(BrokenPipeError, ConnectionResetError):
        peer.request(method, path, body, headers or {})
    answer = peer.getresponse()
    text = answer.read().decode()
    peer.close()
    return answer.status, text


@pytest.fixture(scope="module")
def port(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The site on its own server, over the test's database, which only visitors look at."""
    database = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    port, log = free_port(), tmp_path_factory.mktemp("web") / "web.log"
    environment = clean_environment(DATABASE_URL=url, DRACARYS_ZERO_SETUP="1", SECRET_KEY="only-for-tests")
    command = [sys.executable, "-m", *WEB.split(), "--port", str(port), "dracarys.wsgi:application"]
    with Family() as family, log.open("wb") as out:
        web = family.start(
            command,
            stop_signal=signal.SIGTERM,
            env=environment,
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
        )
        assert eventually(lambda: answers(port)), log.read_text()
        yield port
        family.stop(web, signal.SIGTERM, 10)


def answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/healthz")[0] == 200
    except OSError:
        return False


def memory() -> int:
    """Kilobytes that the web processes hold at their highest; 0 where the system does not tell."""
    found = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            is_ours = b"dracarys.wsgi:application" in (status.parent / "cmdline").read_bytes()
            highest = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if is_ours else None
        except OSError:
            continue
        found += int(highest[1]) if highest else 0
    return found


@pytest.mark.parametrize("what", TOO_BIG)
def test_ten_megabytes_are_answered_with_our_page(port: int, what: str) -> None:
    body, kind = TOO_BIG[what]
    assert ask(port, "GET", "/accounts/login/")[0] == 200
    before = memory()
    for path in ("/accounts/login/", "/theme/", "/nope/", "/static/css/app.css"):
        status, page = ask(port, "POST", path, body, {"Content-Type": kind})
        assert status == 400
        assert OUR_PAGE in page
    grown = memory() - before
    assert grown < 20_000
    figures.note(
        "kilobytes that the web server grows by four bodies of 10 MB", grown, limit="20,000", largest=True
    )


def test_a_body_that_does_not_say_how_long_it_is_counts_as_empty(port: int) -> None:
    chunks = iter([b"a=" + b"x" * 100_000] * 100)
    status, page = ask(port, "POST", "/accounts/login/", chunks, {"Content-Type": FORM})
    assert status == 403
    assert "This form was open too long" in page


@pytest.mark.parametrize(
    "kind", ["text/plain; charset*=nope''x", f"{FORM}; charset=hex", f"{FORM}; charset*=utf-7''x"]
)
def test_a_content_type_over_which_django_falls_is_answered(port: int, kind: str) -> None:
    status, page = ask(port, "POST", "/accounts/login/", b"a=b", {"Content-Type": kind})
    assert status == 400
    assert OUR_PAGE in page


@pytest.mark.parametrize("path", ["/%00", "/?q=%00", "/?q=%ff", "/accounts/login/?next=%ed%a0%80"])
def test_an_address_that_is_no_text_is_answered(port: int, path: str) -> None:
    status, page = ask(port, "GET", path)
    assert status == 400
    assert OUR_PAGE in page
