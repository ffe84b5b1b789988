"""Pages that tell who acts on the database while they run; mounted by the tests beside the site's own."""

from collections.abc import Iterator
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import TemplateResponse
from django.urls import path

from accounts.models import UserProfile
from dracarys.db.acting import acting_as_service
from dracarys.urls import urlpatterns as site
from learning.models import UserProgress
from tests.database.rows import rows, run

WHO = "SELECT current_user::text, current_setting('app.user_id', true), pg_backend_pid()"
# What the pages noted, for tests that look after the response.
noted: list[Any] = []


def who() -> tuple[str, str, int]:
    """Role, person ('' for none) and the server's process."""
    role, person, pid = rows(WHO)[0]
    return role, person or "", pid


@login_not_required
def tell(request: HttpRequest) -> HttpResponse:
    return JsonResponse(who(), safe=False)


def write_and(request: HttpRequest, end: str) -> HttpResponse:
    """Renames the person who asks and ends in one of the ways a page can end."""
    UserProfile.objects.filter(pk=request.user.pk).update(full_name="Renamed")
    if end == "404":
        raise Http404
    if end == "500":
        return HttpResponse(status=500)
    if end == "error":
        raise ValueError
    if end == "database-error":
        run("SELECT 1 / 0")
    return HttpResponse(status=int(end))


def lazy(request: HttpRequest) -> HttpResponse:
    """The queryset is read when the template is rendered, after the view has returned."""
    template = engines["django"].from_string("{% for p in own %}{{ p.position }};{% endfor %}{{ who.0 }}")
    context = {"own": UserProgress.objects.filter(user=request.user.pk), "who": _Lazily()}
    return TemplateResponse(request, template, context)


class _Lazily:
    def __getitem__(self, index: int) -> str:
        return str(who()[index])


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def content() -> Iterator[str]:
        yield f"{who()[0]};"
        yield f"{UserProgress.objects.filter(user=request.user.pk).count()};{who()[1]}"

    return StreamingHttpResponse(content())


def after_commit(request: HttpRequest) -> HttpResponse:
    transaction.on_commit(lambda: noted.append(who()))
    return tell(request)


def step(request: HttpRequest) -> HttpResponse:
    """A named step as the service in the middle of a person's page."""
    before = who()[:2]
    with acting_as_service():
        between = who()[:2]
    return JsonResponse([before, between, who()[:2]], safe=False)


def in_steps(request: HttpRequest) -> HttpResponse:
    """Holds no transaction while it waits for somebody else."""
    noted.append((transaction.get_connection().in_atomic_block, who()[0]))
    return HttpResponse()


in_steps.acts_in_steps = True  # type: ignore[attr-defined]

urlpatterns = [
    path("who/", tell),
    path("write/<str:end>/", write_and),
    path("lazy/", lazy),
    path("stream/", stream),
    path("after-commit/", after_commit),
    path("step/", step),
    path("in-steps/", in_steps),
    path("account-like/", tell, name="account_like"),
    *site,
]
