"""Redis as the cache, and what happens while it is away.

Django's own backend raises when Redis is gone, which would turn every page that counts rate limits into
a 500. Here the process's memory takes over: limits then count per process, which is weaker but never off.
"""

import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# How long a process leaves Redis alone after it failed, so that requests do not wait for it one by one.
PAUSE_SECONDS = 10.0
TIMEOUT_SECONDS = 0.25
# Until when a server is left alone. Every thread has a client of its own, and one that waited is enough.
_away_until: dict[str, float] = {}


class DegradingRedisCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        # The client would try again for seconds; here the first failure is enough.
        options = {
            "socket_connect_timeout": TIMEOUT_SECONDS,
            "socket_timeout": TIMEOUT_SECONDS,
            "retry": Retry(NoBackoff(), 0),
        }
        super().__init__(server, {**params, "OPTIONS": {**options, **params.get("OPTIONS", {})}})
        self._memory = LocMemCache("while-redis-is-away", {})
        self._server = server

    @property
    def is_degraded(self) -> bool:
        return time.monotonic() < _away_until.get(self._server, 0.0)

    def _call(self, name: str, redis: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if not self.is_degraded:
            try:
                return redis(*args, **kwargs)
            except (RedisError, OSError):
                _away_until[self._server] = time.monotonic() + PAUSE_SECONDS
        return getattr(self._memory, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("add", super().add, *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("get", super().get, *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("set", super().set, *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("touch", super().touch, *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("delete", super().delete, *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("get_many", super().get_many, *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("has_key", super().has_key, *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("incr", super().incr, *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("set_many", super().set_many, *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("delete_many", super().delete_many, *args, **kwargs)

    def clear(self) -> Any:
        return self._call("clear", super().clear)
