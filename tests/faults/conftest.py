"""One site for all the faults."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dracarys.servers import temporary
from dracarys.servers.family import Family
from tests.faults.site import Site


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
