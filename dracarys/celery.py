"""The Celery application; what beat runs and when is the table in `dracarys/schedule.py`."""

import os
from typing import Any

from celery import Celery, Task

from dracarys.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dracarys.settings")


class ServiceTask(Task):  # type: ignore[type-arg]
    """A task acts on the database as the service, in one transaction.

    One that talks to another host sets `acts_in_steps` and takes short transactions itself.
    """

    abstract = True
    acts_in_steps = False
    max_retries = 4
    default_retry_delay = 1

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self.acts_in_steps:
            return super().__call__(*args, **kwargs)
        from dracarys.db.acting import SERVICE, acting_as

        with acting_as(SERVICE):
            return super().__call__(*args, **kwargs)


app = Celery("dracarys", task_cls=ServiceTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # A task of which its process dies is tried again, but not for ever.
    task_retry_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=300,
    task_soft_time_limit=280,
    worker_prefetch_multiplier=1,
    # The default of an hour would leave a killed worker's task waiting that long.
    broker_transport_options={"visibility_timeout": 300, "socket_connect_timeout": 2, "socket_timeout": 5},
    broker_connection_retry_on_startup=True,
    broker_connection_max_retries=None,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    timezone="UTC",
    enable_utc=True,
    worker_hijack_root_logger=False,
    beat_scheduler="dracarys.beat:LockedScheduler",
)
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(["accounts", "gamification", "learning", "community", "sessions"])
