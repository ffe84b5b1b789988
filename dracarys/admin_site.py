"""The admin site: signing in goes through allauth, with its limits and verification."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _


class DracarysAdminSite(AdminSite):
    site_header = _("Dracarys workshop")
    site_title = _("Dracarys workshop")
    index_title = _("Course, people and money")

    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        # Imported late: allauth needs the app registry, and this module is read while it is being built.
        from allauth.account.decorators import secure_admin_login

        return secure_admin_login(super().login)(request, extra_context)  # type: ignore[no-any-return]


class DracarysAdminConfig(AdminConfig):
    default_site = "dracarys.admin_site.DracarysAdminSite"
