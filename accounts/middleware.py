"""The session, a signed-in person's time zone, and the welcome page that comes before everything else."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions import middleware as sessions
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone

from dracarys.lib.clock import zone

# Pages that a person may use before having accepted the terms.
BEFORE_WELCOME = frozenset(
    {"accounts:welcome", "theme", "terms", "risk", "licences", "help", "mailbox", "mailbox-message"}
)


class SessionMiddleware(sessions.SessionMiddleware):
    """Django's; but a double click at signing in or out, or at confirming an address, is no error.

    One of the two requests replaces or ends the session. Django answers 400 to the other, the one that the
    person sees. Here its answer stands, and there is nothing left to keep.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return response


class TimeZoneMiddleware:
    """Times are shown in the reader's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(zone(request.user.profile.timezone)):
            return self.get_response(request)


class WelcomeMiddleware:
    """Sends somebody who has not yet accepted the terms to the page where that is done, once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not user.is_authenticated or user.terms_accepted_at is not None or match is None:
            return None
        if match.view_name in BEFORE_WELCOME or match.view_name.startswith("account_"):
            return None
        # Staff made by `createsuperuser` do their work in the admin first.
        if user.is_staff and "admin" in match.namespaces:
            return None
        return redirect("accounts:welcome")
