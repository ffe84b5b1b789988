"""The WSGI application for granian or gunicorn; it does not start as a role that policies do not bind."""

import os

from django.core.wsgi import get_wsgi_application

from dracarys.db.checks import refuse_unbound_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dracarys.settings")
application = get_wsgi_application()
refuse_unbound_role()
