"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from dracarys import views

handler500 = "dracarys.errors.server_error"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("dashboard/", views.dashboard, name="dashboard"),
    path("theme/", views.choose_theme, name="theme"),
    path("terms/", views.document, {"template": "terms.html"}, name="terms"),
    path("risk/", views.document, {"template": "risk.html"}, name="risk"),
    path("licences/", views.document, {"template": "licences.html"}, name="licences"),
    path("help/", views.document, {"template": "help.html"}, name="help"),
    path("studio/components/", views.components, name="components"),
    path("", include("learning.urls")),
    path("", include("gamification.urls")),
    path("me/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
if settings.MAILBOX_PATH:
    urlpatterns += [
        path("mail/", views.show_inbox, name="mailbox"),
        path("mail/<str:name>/", views.show_mail, name="mailbox-message"),
    ]
