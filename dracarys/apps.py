from django.apps import AppConfig

from dracarys.celery import app as celery_app


class DracarysConfig(AppConfig):
    name = "dracarys"
    verbose_name = "Dracarys"
    # Named here, so that every process knows which Celery application `shared_task` means.
    celery = celery_app
