"""Error pages. Those for a lost database and for a full disk need neither."""

import errno
import sys
from collections.abc import Callable

from django.db import Error, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import get_template
from django.views.defaults import server_error as plain_server_error

from dracarys.storage import StorageAwayError

# A standby that took over and only reads yet; transactions that sat still for too long, or took too long.
_PASSING = frozenset({"25006", "25P03", "25P04"})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 with a time to come back when database or storage could not; 507 when a disk is full."""
    error = sys.exception()
    if _is_of_the_database(error) or isinstance(error, StorageAwayError):
        return _page(503, seconds=5)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return _page(507, seconds=300)
    return plain_server_error(request)


def _is_of_the_database(error: BaseException | None) -> bool:
    """Whether it passes by itself, and is no mistake in what we asked."""
    if isinstance(error, Error) and getattr(error.__cause__, "sqlstate", None) in _PASSING:
        return True
    return isinstance(error, OperationalError | InterfaceError)


def _page(status: int, *, seconds: int) -> HttpResponse:
    page = get_template(f"{status}.html").render()
    return HttpResponse(page, status=status, headers={"Retry-After": str(seconds)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 in our own words: the page was open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


class WrongMethodMiddleware:
    """Who opens the address of a form, say by signing in again in mid-form, sees a page and not nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET":
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page
