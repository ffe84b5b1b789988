"""The cache with a real Valkey that goes away and comes back."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from dracarys import cache as cache_module
from dracarys.cache import PAUSE_SECONDS, TIMEOUT_SECONDS, DegradingRedisCache
from dracarys.servers.family import Family
from dracarys.servers.home import Home, server_account
from dracarys.servers.valkey import Valkey
from tests.faults.wire import Wire


class Clock:
    """A monotonic clock that goes when it is told."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def valkey() -> Iterator[Valkey]:
    """A server of our own; a test leaves it running."""
    path = Path(tempfile.mkdtemp(prefix="dracarys-cache-"))
    with Family(throw_away=path) as family:
        home = Home(path, server_account(path.parent))
        home.make()
        server = Valkey(home, family, durable=False)
        server.start()
        yield server
        server.stop()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    cache_module._away_until.clear()
    monkeypatch.setattr(cache_module, "time", SimpleNamespace(monotonic=clock.monotonic))
    return clock


@pytest.fixture
def cache(valkey: Valkey, clock: Clock) -> Iterator[DegradingRedisCache]:
    cache = DegradingRedisCache(valkey.url, {})
    yield cache
    cache._memory.clear()
    if valkey.process is None:
        valkey.restart()
    clock.now += PAUSE_SECONDS + 1
    cache.clear()
    cache.close()


def is_away(cache: DegradingRedisCache) -> bool:
    """Asked by a function, because the type checker thinks that a property stays as it was."""
    return cache.is_degraded


def use_everything(cache: DegradingRedisCache) -> list[object]:
    """Every operation once, on keys of its own."""
    cache.set("a", 1, 60)
    return [
        cache.get("a"),
        cache.get("nothing", "default"),
        cache.add("a", 2),
        cache.add("b", [1.5, 2.5]),
        cache.incr("a"),
        cache.decr("a"),
        cache.touch("a", 120),
        "a" in cache,
        cache.has_key("nothing"),
        cache.set_many({"c": 3, "d": 4}),
        cache.get_many(["c", "d", "nothing"]),
        cache.delete_many(["c"]),
        cache.delete("d"),
        cache.get_or_set("e", 5),
        cache.get("b"),
        cache.clear(),
        cache.get("a"),
    ]


def test_with_and_without_valkey_every_operation_answers_the_same(
    cache: DegradingRedisCache, valkey: Valkey
) -> None:
    there = use_everything(cache)
    assert not is_away(cache)
    valkey.stop()
    away = use_everything(cache)
    assert is_away(cache)
    # Only clearing differs: Redis says that it did, memory says nothing.
    assert there[:15] == away[:15]
    assert there[16] == away[16]


def test_it_is_in_valkey_while_that_is_there(cache: DegradingRedisCache, valkey: Valkey) -> None:
    cache.set("kept", "x")
    another = DegradingRedisCache(valkey.url, {})
    assert another.get("kept") == "x"
    assert cache._memory.get("kept") is None
    another.close()


def test_limits_still_count_while_it_is_away(cache: DegradingRedisCache, valkey: Valkey) -> None:
    valkey.stop()
    assert cache.add("tries", 0)
    assert [cache.incr("tries") for _ in range(3)] == [1, 2, 3]
    another_thread_of_this_process = DegradingRedisCache(valkey.url, {})
    assert another_thread_of_this_process.incr("tries") == 4


def test_it_is_left_alone_for_a_pause_and_then_used_again(
    cache: DegradingRedisCache, valkey: Valkey, clock: Clock
) -> None:
    cache.set("kept", "in valkey")
    valkey.stop()
    assert cache.get("kept") is None
    valkey.restart()
    cache.set("kept", "in valkey again")
    assert is_away(cache)
    clock.now += PAUSE_SECONDS - 0.1
    assert is_away(cache)
    assert cache.get("kept") == "in valkey again"  # from memory still
    clock.now += 0.2
    assert not is_away(cache)
    assert cache.get("kept") is None  # the server came back empty
    cache.set("kept", "there")
    assert not is_away(cache)
    assert cache.get("kept") == "there"


def test_a_server_that_takes_calls_and_never_answers_is_away_too(clock: Clock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        cache = DegradingRedisCache(f"redis://127.0.0.1:{mute.getsockname()[1]}/0", {})
        cache.set("a", 1)
        assert is_away(cache)
        assert cache.get("a") == 1
        cache._memory.clear()
        cache.close()


def test_an_answer_that_came_too_late_is_not_taken_for_the_next_one(valkey: Valkey, clock: Clock) -> None:
    wire = Wire(valkey.url)
    cache = DegradingRedisCache(wire.url, {})
    cache.set_many({"first": 1, "second": 2})
    with wire.slow(2 * TIMEOUT_SECONDS):
        assert cache.get("first") is None
    assert is_away(cache)
    clock.now += PAUSE_SECONDS + 1
    assert [cache.get("second"), cache.get("first")] == [2, 1]
    assert not is_away(cache)
    cache.close()
    wire.close()


def test_one_thread_that_waited_for_nothing_is_enough(valkey: Valkey, clock: Clock) -> None:
    wire = Wire(valkey.url)
    first, second = (DegradingRedisCache(wire.url, {}) for _ in range(2))
    with wire.silent():
        first.set("a", 1)
        asked = wire.questions
        assert is_away(second)
        assert second.get("a") == 1
        assert wire.questions == asked
    first._memory.clear()
    wire.close()


def test_a_mistake_of_ours_is_not_taken_for_an_outage(cache: DegradingRedisCache) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")
    assert not is_away(cache)
