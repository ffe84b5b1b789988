"""How several workers share the suite: file by file in the order of the folders; some folders go as a whole.

So what a folder builds once for its tests is built once for each worker, and where it costs most, only once.
"""

import pytest
from xdist.scheduler import LoadFileScheduling

# A site on servers of its own, and a house with everybody of the cast who has been everywhere.
WHOLE = ("tests/faults", "tests/bad_input")


class Sharing(LoadFileScheduling):  # type: ignore[misc]
    """Gives a worker that has nothing left to do the next file, or the next folder that goes as a whole."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        folder = file.rpartition("/")[0]
        return folder if folder in WHOLE else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Sharing | None:
    """Ours for `--dist loadfile`, as it is in `make test`."""
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False
    return Sharing(config, log)
