"""The door of the workshop's pages about one gate: who may enter, and the frame around each page."""

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods

from learning.models import Lesson

View = Callable[..., HttpResponse]


class WorkshopAdmin(admin.ModelAdmin[Lesson]):
    """What the workshop's pages share. A subclass adds its own with `workshop_path` in `get_urls`."""

    def workshop_path(
        self,
        address: str,
        view: View,
        name: str,
        *,
        permission: str = "change",
        methods: tuple[str, ...] = ("GET", "HEAD", "POST"),
    ) -> URLPattern:
        """A page at `<gate>/<address>`, named `learning_lesson_<name>`, for staff with the permission.

        The view is called with the request, its lesson and the other parts of the address. 404 for a gate
        that is not there.
        """

        @wraps(view)
        def entered(request: HttpRequest, object_id: str, **parts: Any) -> HttpResponse:
            lesson = _lesson(object_id)
            allowed = getattr(self, f"has_{permission}_permission")
            if not allowed(request, lesson):
                raise PermissionDenied
            if lesson is None:
                raise Http404
            return view(request, lesson, **parts)

        bounded = require_http_methods(list(methods))(entered)
        where = f"<path:object_id>/{address}" if address else "<path:object_id>/"
        return path(where, self.admin_site.admin_view(bounded), name=f"learning_lesson_{name}")

    def workshop_page(
        self,
        request: HttpRequest,
        lesson: Lesson,
        template: str,
        title: object,
        *,
        status: int = 200,
        **found: Any,
    ) -> HttpResponse:
        """`admin/learning/lesson/<template>` with the gate, its tabs and what the admin's pages have."""
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "subtitle": str(lesson),
            "opts": self.opts,
            "lesson": lesson,
            "original": lesson,
            "has_change_permission": self.has_change_permission(request, lesson),
            **found,
        }
        return TemplateResponse(request, f"admin/learning/lesson/{template}", context, status=status)


def staff_id(request: HttpRequest) -> uuid.UUID:
    """Who asks: the admin's door lets only staff in."""
    return cast(uuid.UUID, request.user.pk)


def _lesson(object_id: str) -> Lesson | None:
    try:
        return Lesson.objects.select_related("level").filter(pk=uuid.UUID(object_id)).first()
    except ValueError:
        return None
