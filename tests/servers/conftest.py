"""These tests start real servers; none of them needs Django."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dracarys.servers import TemporaryServers, temporary
from tests.servers.runs import UP, running


@pytest.fixture(autouse=True)
def _sockets(socket_enabled: None) -> None:
    """The servers listen on loopback."""


def new_folder() -> Path:
    """A folder that every account may enter, unlike pytest's own."""
    path = Path(tempfile.mkdtemp(prefix="dracarys test "))
    path.chmod(0o755)
    return path


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty project folder."""
    path = new_folder()
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="session")
def project() -> Iterator[Path]:
    """A project folder that has had its first start, for the tests that leave it usable."""
    path = new_folder()
    with running(path) as run:
        assert run.says(UP)
    yield path
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporaryServers]:
    """One pair of servers for the tests of a module that only look."""
    with temporary(tmp_path_factory.mktemp("servers") / "home") as pair:
        yield pair
