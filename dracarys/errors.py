"""Error pages. The one for a lost database needs no database."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template
from django.views.defaults import server_error as plain_server_error


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 with a time to come back when the database went away in mid-request."""
    error = sys.exception() if sys.version_info >= (3, 11) else None
    if isinstance(error, OperationalError | InterfaceError):
        page = get_template("503.html").render()
        return HttpResponse(page, status=503, headers={"Retry-After": "5"})
    return plain_server_error(request)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 in our own words: the page was open too long, or cookies are off."""
    return render(request, "403_csrf.html", status=403)
