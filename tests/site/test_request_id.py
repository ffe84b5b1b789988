"""An id that is in the answer and on every line of the log."""

import io
import logging
import re
from collections.abc import Iterator

import pytest
from django.test import Client

from dracarys.request_id import RequestIdFilter, current

pytestmark = pytest.mark.django_db
OWN = re.compile(r"[0-9a-f]{32}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the site writes to its log meanwhile."""
    (handler,) = (
        one
        for one in logging.getLogger().handlers
        if isinstance(one, logging.StreamHandler) and any(isinstance(f, RequestIdFilter) for f in one.filters)
    )
    stream = io.StringIO()
    before = handler.setStream(stream)
    yield stream
    if before is not None:
        handler.setStream(before)


@pytest.mark.parametrize("path", ["/", "/nope/", "/healthz", "/dashboard/", "/admin/", "/static/css/app.css"])
def test_every_answer_has_one_of_its_own(client: Client, path: str) -> None:
    answers = [client.get(path) for _ in range(2)]
    for answer in answers:
        answer.close()  # a static file is open until it was sent
    ids = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(ids) == 2
    assert all(OWN.fullmatch(one) for one in ids)


@pytest.mark.parametrize("given", ["abcdef12", "0af7651916cd43dd-8448eb211c80319c", "A" * 64])
def test_a_proxys_id_is_kept(client: Client, given: str) -> None:
    assert client.get("/healthz", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "A" * 65, "abcdefgh ijk", "abcdefgh\nERROR forged", "ä" * 10])
def test_anything_else_is_replaced_so_that_no_log_line_can_be_forged(client: Client, given: str) -> None:
    assert OWN.fullmatch(client.get("/healthz", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"])


def test_the_log_line_of_a_fault_carries_it(
    as_ash: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dracarys.views.dashboard_of", lambda *args, **kwargs: 1 / 0)
    as_ash.raise_request_exception = False
    response = as_ash.get("/dashboard/", HTTP_X_REQUEST_ID="from-the-proxy-1")
    assert response.status_code == 500
    assert response.headers["X-Request-ID"] == "from-the-proxy-1"
    assert "ERROR [from-the-proxy-1] django.request: Internal Server Error: /dashboard/" in log.getvalue()


def test_it_ends_with_the_request(client: Client, log: io.StringIO) -> None:
    client.get("/healthz")
    assert current.get() == "-"
    logging.getLogger("dracarys").warning("a line of nobody")
    assert "WARNING [-] dracarys: a line of nobody" in log.getvalue()
