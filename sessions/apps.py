from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "sessions"
    # The label `sessions` belongs to Django's own app.
    label = "live_sessions"
    verbose_name = _("Live sessions")
