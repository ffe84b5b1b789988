"""The course as a zip in the workshop: download it, upload one, look at the difference, take it over."""

import uuid
from typing import Any, cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from learning.course_folder import CourseError, zipped
from learning.forms import CourseUploadForm
from learning.models import Lesson


class CourseFolderAdmin(admin.ModelAdmin[Lesson]):
    """Two pages more for the list of gates."""

    change_list_template = "admin/learning/gates.html"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("course/download/", view(require_GET(self.download)), name="learning_course_download"),
            path(
                "course/upload/",
                view(require_http_methods(["GET", "HEAD", "POST"])(self.upload)),
                name="learning_course_upload",
            ),
            *super().get_urls(),
        ]

    def download(self, request: HttpRequest) -> HttpResponse:
        """The whole course, answers included."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            packed = zipped.packed()
        except CourseError as error:
            return self._page(request, CourseUploadForm(), problems=error.sentences)
        headers = {"Content-Disposition": 'attachment; filename="course.zip"'}
        return HttpResponse(packed, content_type="application/zip", headers=headers)

    def upload(self, request: HttpRequest) -> HttpResponse:
        """First the difference, then, once it was seen, the course."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            return self._page(request, CourseUploadForm())
        if "fingerprint" in request.POST:
            return self._accept(request, request.POST["fingerprint"])
        form = CourseUploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._page(request, form)
        try:
            proposal = zipped.propose(form.cleaned_data["zip"].read(), by=_staff(request))
        except CourseError as error:
            return self._page(request, CourseUploadForm(), problems=error.sentences)
        return self._page(request, CourseUploadForm(), proposal=proposal)

    def _accept(self, request: HttpRequest, fingerprint: str) -> HttpResponse:
        try:
            loaded = zipped.accept(fingerprint, by=_staff(request))
        except CourseError as error:
            return self._page(request, CourseUploadForm(), problems=error.sentences)
        except zipped.Outdated as error:
            return self._page(request, CourseUploadForm(), proposal=error.proposal, outdated=True)
        words = _("The course is taken over; %(n)s gates are newly published.")
        self.message_user(request, words % {"n": loaded.gates_published}, messages.SUCCESS)
        return redirect("admin:learning_lesson_changelist")

    def _page(self, request: HttpRequest, form: CourseUploadForm, **found: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("The course as a zip"),
            "opts": self.opts,
            "form": form,
            **found,
        }
        return TemplateResponse(request, "admin/learning/course.html", context)


def _staff(request: HttpRequest) -> uuid.UUID:
    """Who asks: `admin_view` lets only staff in."""
    return cast(uuid.UUID, request.user.pk)
