"""One site for all the faults."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dracarys.servers import temporary
from dracarys.servers.family import Family
from tests.faults.site import Door, Site
from tests.faults.wire import Wire


@pytest.fixture(scope="session")
def site() -> Iterator[Site]:
    """A prepared site with demo people on servers of its own. A test leaves both servers running."""
    folder = Path(tempfile.mkdtemp(prefix="dracarys-faults-"))
    folder.chmod(0o711)
    try:
        with temporary(folder / "servers") as servers, Family() as family:
            site = Site(servers, family, folder)
            yield site
            family.stop(site.web, signal.SIGTERM, 10)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Wired:
    """A web server whose lines to both servers are ours. A test leaves them carrying."""

    site: Site
    door: Door
    postgres: Wire
    valkey: Wire


@pytest.fixture(scope="session")
def wired(site: Site) -> Iterator[Wired]:
    """The same site through wires; it has answered, so that every thread has its connection."""
    postgres, valkey = Wire(site.servers.database_url), Wire(site.servers.redis_url)
    addresses = {"DATABASE_URL": postgres.url, "REDIS_URL": valkey.url}
    with site.another_web("wired", "--workers 1", **addresses) as door:
        yield Wired(site, door, postgres, valkey)
    postgres.close()
    valkey.close()
