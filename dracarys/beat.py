"""Celery beat, one at a time: a second one waits until the first has gone."""

import logging
from typing import Any

import psycopg
from celery.beat import PersistentScheduler
from django.db import connections

logger = logging.getLogger("dracarys.beat")
# Any number that no other advisory lock of this database uses.
LOCK_KEY = 7_275_001
RETRY_SECONDS = 5.0


class LockedScheduler(PersistentScheduler):
    """Ticks only while it holds a PostgreSQL advisory lock; the lock goes with its connection.

    PostgreSQL rather than Redis keeps it, because the schedule must survive a missing Redis.
    """

    _holder: "psycopg.Connection[Any] | None" = None

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self._holds_lock():
            return RETRY_SECONDS
        return super().tick(*args, **kwargs)

    def close(self) -> None:
        if self._holder is not None:
            self._holder.close()
            self._holder = None
        super().close()

    def _holds_lock(self) -> bool:
        try:
            if self._holder is not None:
                self._holder.execute("SELECT 1")
                return True
            return self._acquire()
        except psycopg.Error:
            logger.warning("The database that keeps the schedule's lock is unreachable; trying again.")
            self._holder = None
            return False

    def _acquire(self) -> bool:
        parameters = connections["default"].get_connection_params()
        parameters.pop("cursor_factory", None)
        parameters.pop("context", None)
        holder = psycopg.connect(**parameters, autocommit=True)
        row = holder.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_KEY]).fetchone()
        if row and row[0]:
            self._holder = holder
            return True
        holder.close()
        return False
