"""The folder in which the zero-setup run keeps its data, and the account that its servers run as."""

import hashlib
import os
import pwd
import secrets
import socket
import subprocess
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from dracarys.servers.trouble import TroubleError, account_name

LARGEST_LOG = 5_000_000
RELOCATED = Path("/var/lib")


class Account(NamedTuple):
    """Whom a process becomes when root starts it."""

    uid: int
    gid: int


def server_account(project: Path) -> Account | None:
    """None for an ordinary user; for root the folder's owner, or `nobody`: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return None
    status = project.stat()
    if status.st_uid != 0:
        return Account(status.st_uid, status.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def as_account(account: Account | None) -> dict[str, Any]:
    """The arguments that make `Popen` start a process as the account."""
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": []}


def reachable(path: Path, account: Account | None) -> bool:
    """May the account enter the folder, or read the file? Asked of the kernel, by a child that became it."""
    if account is None:
        return os.access(path, os.R_OK)
    test = 'if [ -d "$1" ]; then cd "$1"; else test -r "$1"; fi'
    try:
        child = subprocess.run(
            ["/bin/sh", "-c", test, "sh", str(path)],
            user=account.uid,
            group=account.gid,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            check=False,
        )
    except PermissionError as error:
        raise TroubleError(
            "PostgreSQL refuses to run as root, and here root may not change the user: run as another one."
        ) from error
    return child.returncode == 0


def free_port() -> int:
    """A port on loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Home:
    """The data folder: secrets (0600), chosen ports, logs and the servers' own folders."""

    def __init__(self, path: Path, account: Account | None) -> None:
        self.path = path
        self.account = account

    @classmethod
    def of_project(cls, project: Path) -> "Home":
        """`<project>/.dracarys`, or a folder under /var/lib when root's servers cannot enter the project."""
        project = project.resolve()
        account = server_account(project)
        path = project / ".dracarys"
        if not reachable(project, account):
            digest = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
            path = RELOCATED / f"dracarys-{digest}"
        return cls(path, account)

    def make(self) -> None:
        """Create the folder where it is missing; refuse one that belongs to somebody else."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = self.path.stat().st_uid
        if owner != os.geteuid():
            raise TroubleError(
                f"{self.path} belongs to {account_name(owner)}: run as that user, or remove it and its data."
            )
        # The servers' account passes through to its own folders and reads nothing here.
        self.path.chmod(0o711 if self.account else 0o700)
        ignore = self.path / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")

    def keep(self, name: str, text: str) -> None:
        """Write a small private file so that a crash leaves the old one or the new one."""
        partial = self.path / f".{name}.{os.getpid()}"
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self.path / name)

    def secret(self, name: str) -> str:
        """A random secret, made once: 64 characters that need no quoting in a URL."""
        path = self.path / name
        if not path.exists():
            self.keep(name, secrets.token_urlsafe(48))
        return path.read_text()

    def port(self, name: str) -> int:
        """The port of a server, chosen once so that a URL somebody noted stays right."""
        path = self.path / f"{name}.port"
        if not path.exists():
            self.keep(path.name, str(free_port()))
        return int(path.read_text())

    def forget_port(self, name: str) -> None:
        """Choose another port next time: somebody took this one."""
        (self.path / f"{name}.port").unlink(missing_ok=True)

    def own(self, path: Path) -> None:
        """Give a file to the servers' account."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)

    def folder(self, name: str) -> Path:
        """A private folder of the servers' account."""
        path = self.path / name
        path.mkdir(mode=0o700, exist_ok=True)
        self.own(path)
        return path

    def log(self, name: str) -> BinaryIO:
        """The log of a server, open for appending; the one before is kept when it has grown large."""
        path = self.path / f"{name}.log"
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".log.1"))
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")
