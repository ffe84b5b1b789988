"""The WSGI application for granian or gunicorn; it does not start in a way that would not be safe."""

import os
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from dracarys.db.checks import refuse_unbound_role
from dracarys.legible import with_legible_content_type

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dracarys.settings")
# A person waits for each answer, and a thread for each person: a page gives up sooner than a job.
os.environ.setdefault("STATEMENT_TIMEOUT", "5s")
os.environ.setdefault("LOCK_TIMEOUT", "2s")
site = get_wsgi_application()
if settings.SECRET_KEY == settings.NO_SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY: without it anybody could sign in as anybody.")
refuse_unbound_role()


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    return site(with_legible_content_type(environ), start_response)
