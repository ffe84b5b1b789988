"""The project: settings, composition of the apps, the database backend and the zero-setup servers."""

from dracarys.celery import app as celery_app

__all__ = ["celery_app"]
