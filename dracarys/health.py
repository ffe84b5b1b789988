"""Liveness and readiness, answered before sessions, users and the request's transaction are touched."""

from collections.abc import Callable

from django.core.cache import cache
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase


class HealthMiddleware:
    """`/healthz`: this process answers. `/readyz`: it can serve, that is, its database answers.

    A missing Redis is reported but does not make the process unready: every page works without it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == "/healthz":
            return HttpResponse("ok", content_type="text/plain")
        if request.path_info == "/readyz":
            return self._ready()
        return self.get_response(request)

    @staticmethod
    def _ready() -> JsonResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except Error:
            return JsonResponse({"database": "unreachable"}, status=503, headers={"Retry-After": "5"})
        cache.get("readyz")  # asks Redis now, not when somebody next needs it
        degraded = bool(getattr(cache, "is_degraded", False))
        return JsonResponse({"database": "ok", "cache": "degraded" if degraded else "ok"})
