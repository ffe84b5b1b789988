"""The whole response runs in one transaction that acts as somebody."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve

from dracarys.db.acting import ANON, SERVICE, Actor, acting_as, person

# Who a page acts as when that is not "the person who asks". A test pins these lists.
# allauth's own pages create users, change passwords and confirm addresses before anybody is signed in.
SERVICE_PREFIXES = ("account_",)
# The admin acts as the service for staff; anybody else only meets its sign-in redirect.
STAFF_NAMESPACES = frozenset({"admin"})


class ActingRequest(HttpRequest):
    """A request on its way through ActorMiddleware."""

    actor: Actor
    acting: AbstractContextManager[None] | None
    raised: bool


def actor_of(request: HttpRequest) -> Actor:
    """The actor of this request: by URL name for the listed few, else by who is signed in."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        match = None
    if match and match.view_name.startswith(SERVICE_PREFIXES):
        return SERVICE
    if not request.user.is_authenticated:
        return ANON
    if match and STAFF_NAMESPACES & set(match.namespaces) and request.user.is_staff:
        return SERVICE
    return person(request.user.pk)


class ActorMiddleware:
    """Opens the transaction, names the actor, and rolls back when the view raised or answered 5xx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, http_request: HttpRequest) -> HttpResponseBase:
        request = cast(ActingRequest, http_request)
        request.actor, request.raised = actor_of(request), False
        request.acting = acting_as(request.actor)
        request.acting.__enter__()
        try:
            response = self.get_response(request)
            # A Http404 raised in mid-write has become a response by now; its writes must go all the same.
            if request.acting and (request.raised or response.status_code >= 500):
                transaction.set_rollback(True)
        except BaseException as error:
            if request.acting:
                request.acting.__exit__(type(error), error, error.__traceback__)
            raise
        if request.acting:
            request.acting.__exit__(None, None, None)
        if isinstance(response, StreamingHttpResponse):
            response.streaming_content = self._stream(request.actor, response.streaming_content)  # type: ignore[arg-type]
        return response

    def process_view(
        self, http_request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        request = cast(ActingRequest, http_request)
        # A view that calls another host holds no transaction open while it waits; it takes short ones.
        if getattr(view, "acts_in_steps", False) and request.acting:
            request.acting.__exit__(None, None, None)
            request.acting = None

    def process_exception(self, http_request: HttpRequest, exception: Exception) -> None:
        cast(ActingRequest, http_request).raised = True

    @staticmethod
    def _stream(actor: Actor, content: Iterator[bytes]) -> Iterator[bytes]:
        with acting_as(actor):
            yield from content
