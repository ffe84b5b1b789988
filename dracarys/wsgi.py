"""The WSGI application for granian or gunicorn; it does not start in a way that would not be safe."""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from dracarys.db.checks import refuse_unbound_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dracarys.settings")
application = get_wsgi_application()
if settings.SECRET_KEY == settings.NO_SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY: without it anybody could sign in as anybody.")
refuse_unbound_role()
