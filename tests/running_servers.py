"""A pytest plugin: the suite's own PostgreSQL and Valkey, started before Django reads its settings.

With DATABASE_URL and REDIS_URL set, those servers are used. Workers of pytest-xdist use the controller's.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from dracarys import servers

_stack = ExitStack()


def _start() -> None:
    if "PYTEST_XDIST_WORKER" in os.environ or {"DATABASE_URL", "REDIS_URL"} <= os.environ.keys():
        return
    home = Path(tempfile.mkdtemp(prefix="dracarys-tests-"))
    _stack.callback(shutil.rmtree, home, ignore_errors=True)
    urls = _stack.enter_context(servers.temporary(home / "servers"))
    os.environ.setdefault("DATABASE_URL", urls.database_url)
    os.environ.setdefault("REDIS_URL", urls.redis_url)
    os.environ.setdefault("DRACARYS_TEST_SUPERUSER_URL", urls.superuser_url)
    atexit.register(_stack.close)


_start()
