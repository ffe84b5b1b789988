"""The processes of `make run` in front of the suite's own database; each can be killed."""

import http.client
import os
import random
import signal
import subprocess
from pathlib import Path

from django.conf import settings
from django.db import connection

from dracarys.servers import programs
from dracarys.servers.family import Family, Process
from dracarys.servers.home import Home
from tests.servers.runs import clean_environment, descendants, eventually, free_port

ROOT = Path(__file__).resolve().parents[2]


def database_url() -> str:
    """The database of these tests, for another process."""
    at = connection.settings_dict
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


class Site:
    """Web at once; worker and beat when they are started. All have ended when the family is left."""

    def __init__(self, family: Family, folder: Path) -> None:
        self.family, self.folder, self.port = family, folder, free_port()
        self.mailbox = folder / "mail"
        self.mailbox.mkdir()
        self.env = clean_environment(
            DATABASE_URL=database_url(),
            # A number of its own: the queue and the limits of these tests are nobody else's.
            REDIS_URL=f"{os.environ['REDIS_URL'].rpartition('/')[0]}/9",
            DRACARYS_ZERO_SETUP="1",
            SECRET_KEY=settings.SECRET_KEY,
            MAILBOX_PATH=str(self.mailbox),
            DJANGO_SETTINGS_MODULE="dracarys.settings",
            TRUSTED_PROXIES="1",
        )
        self.running: dict[str, Process] = {}
        self.start("web")
        if not eventually(self._is_up):
            self.stop()
            raise AssertionError(self.log("web"))

    def start(self, name: str) -> None:
        """Start web, worker or beat as `make run` does."""
        program = next(one for one in programs.site(Home(self.folder, None), self.port) if one.name == name)
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = self.family.start(
                program.command,
                stop_signal=signal.SIGTERM,
                env=self.env,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def stop(self) -> None:
        for process in self.running.values():
            self.family.stop(process, signal.SIGTERM, 10)

    def web_workers(self) -> list[int]:
        """The processes that serve pages."""
        return sorted(descendants(self.running["web"].pid))

    def kill_web_worker(self, chance: random.Random) -> None:
        """As the kernel does when memory runs out; the one before has been replaced by then."""
        assert eventually(lambda: len(self.web_workers()) > 1), self.log("web")
        os.kill(chance.choice(self.web_workers()), signal.SIGKILL)

    def kill_worker(self) -> None:
        """The worker of the queue goes in the middle of what it does, and another one comes."""
        worker = self.running["worker"]
        os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        self.family.forget(worker)
        self.start("worker")

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def _is_up(self) -> bool:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("GET", "/readyz")
            return line.getresponse().status == 200 and len(self.web_workers()) > 1
        except OSError:
            return False
        finally:
            line.close()
