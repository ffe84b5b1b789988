"""The admin site: signing in goes through allauth, with its limits and verification."""

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import BadRequest, FieldDoesNotExist, ValidationError
from django.db import DataError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _


def _asked_nonsense(request: HttpRequest, error: Exception) -> bool:
    """Whether it is what Django looks up unread: keys, `_to_field`, filters, the chosen rows of an action."""
    if isinstance(error, FieldDoesNotExist | ValidationError):
        return True
    return "_selected_action" in request.POST or any("__" in name for name in request.GET)


class DracarysAdminSite(AdminSite):
    site_header = _("Dracarys workshop")
    site_title = _("Dracarys workshop")
    index_title = _("Course, people and money")

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            try:
                return inner(request, *args, **kwargs)
            except (DataError, FieldDoesNotExist, ProgrammingError, ValidationError, ValueError) as error:
                if _asked_nonsense(request, error):
                    raise BadRequest("Nothing can be looked up by that.") from error
                raise

        return checked

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        # Imported late: allauth needs the app registry, and this module is read while it is being built.
        from allauth.account.decorators import secure_admin_login

        return secure_admin_login(super().login)(request, extra_context)  # type: ignore[no-any-return]

    def password_change(  # type: ignore[override]  # its type names Django's own page
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """The page that everybody has, with its limits and the mail that tells of the change."""
        return redirect("account_change_password")


class DracarysAdminConfig(AdminConfig):
    default_site = "dracarys.admin_site.DracarysAdminSite"
