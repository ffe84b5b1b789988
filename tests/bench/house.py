"""The bench's own servers and databases: a template that is loaded once, and a fresh copy for each run."""

import hashlib
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from dracarys.servers import lock
from dracarys.servers.binaries import postgres_installation
from dracarys.servers.family import Family
from dracarys.servers.home import Home
from dracarys.servers.login import LOGIN
from dracarys.servers.pair import DEFAULT_MAJOR
from dracarys.servers.postgres import Postgres
from dracarys.servers.valkey import Valkey
from tests.bench import population
from tests.bench.figures import FOLDER, ROOT
from tests.servers.runs import clean_environment

SMALL = 10_000
# As docs/deploy.md has it for very many learners; those of the zero-setup run are small.
SIZED = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min"}
# What a loaded database follows from: with another schema, course or population it is loaded anew.
SOURCES = ("*/migrations/*.py", "*/*/migrations/*.py", "learning/course/**/*", "gamification/*.yaml")


@dataclass(frozen=True, slots=True)
class House:
    """Running servers, and the databases of this run."""

    family: Family
    superuser_url: str
    login_url: str
    redis_url: str
    programs: Path
    postgres_pid: int
    learners: int

    @property
    def large(self) -> str:
        """The database with as many learners as were asked for."""
        return f"bench_{self.learners}"

    @property
    def small(self) -> str:
        """The same with few, to see what grows."""
        return f"bench_{min(SMALL, self.learners)}_small"

    def url(self, database: str) -> str:
        """As the site logs in."""
        return self.login_url.rpartition("/")[0] + f"/{database}"

    def superuser(self, database: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(self.superuser_url.rpartition("/")[0] + f"/{database}", autocommit=True)

    def environment(self, database: str, **more: str) -> dict[str, str]:
        """Of the site's processes: production behind one proxy, which speaks https to the reader."""
        return clean_environment(
            DATABASE_URL=self.url(database),
            REDIS_URL=self.redis_url,
            SECRET_KEY=SECRET,
            TRUSTED_PROXIES="1",
            DRACARYS_ZERO_SETUP="",
            DEBUG="",
            **{"DJANGO_SETTINGS_MODULE": "tests.bench.settings", **more},
        )


SECRET = secrets.token_urlsafe(50)


@contextmanager
def opened(learners: int) -> Iterator[House]:
    """The servers with loaded databases; the first time this takes as long as loading does."""
    (FOLDER / "servers").mkdir(parents=True, exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n")
    home = Home.of_project(FOLDER / "servers")
    home.make()
    with lock.exclusive(home) as held, Family(lock=held.descriptor) as family:
        postgres, valkey = Postgres(home, family, DEFAULT_MAJOR, settings=SIZED), Valkey(home, family)
        try:
            postgres.start()
            valkey.start()
            assert postgres.process
            house = House(
                family=family,
                superuser_url=postgres.superuser_url,
                login_url=postgres.url,
                redis_url=valkey.url,
                programs=postgres_installation(home, DEFAULT_MAJOR) / "bin",
                postgres_pid=postgres.process.pid,
                learners=learners,
            )
            copy(house, house.small, template(house, min(SMALL, learners)))
            copy(house, house.large, template(house, learners))
            yield house
            with house.superuser() as server:
                for name in (house.large, house.small):
                    drop(server, name)
        finally:
            valkey.stop()
            postgres.stop()


def template(house: House, learners: int) -> str:
    """The name of the loaded database; loads it when there is none of this schema and population."""
    name = f"template_{learners}_{_digest()}"
    with house.superuser() as server:
        rows = server.execute("SELECT datname FROM pg_database").fetchall()
        present = {str(row[0]) for row in rows}
        if name not in present:
            for old in present:
                if old.startswith(f"template_{learners}_"):
                    drop(server, old)
            make(house, server, name, learners)
    with house.superuser(name) as database:
        population.move_to_today(database)
    return name


def make(house: House, server: psycopg.Connection, name: str, learners: int) -> None:
    """Schema, course and achievements as `prepare` makes them, and then the learners."""
    print(f"Loading {learners:,} learners (once) …", flush=True)
    making = f"making_{learners}"
    drop(server, making)
    server.execute(
        sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(making), sql.Identifier(LOGIN))
    )
    environment = house.environment(making)
    subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=environment, check=True)
    with house.superuser(making) as database:
        population.load(database, learners)
    server.execute(
        sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(making), sql.Identifier(name))
    )


def copy(house: House, name: str, source: str) -> None:
    """A fresh copy of a database, which a run may change."""
    with house.superuser() as server:
        drop(server, name)
        # Files are copied as they are: the default would write all of them to the log first.
        server.execute(
            sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(LOGIN), sql.Identifier(source)
            )
        )


def drop(server: psycopg.Connection, name: str) -> None:
    server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def ready(house: House) -> None:
    """Set Django up for the site under the bench: static files collected, boards with their steps."""
    import django
    from django.core.management import call_command
    from django.utils import timezone

    os.environ.update(house.environment(house.large))
    django.setup()
    call_command("collectstatic", verbosity=0, interactive=False)

    from gamification import leaderboards

    for database in (house.large, house.small):
        with using(database):
            leaderboards.refresh_steps(at=timezone.now())


@contextmanager
def using(database: str) -> Iterator[None]:
    """Django's connection looks at this database inside the block."""
    from django.db import connection

    before = connection.settings_dict["NAME"]
    if database == before:
        yield
        return
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _digest() -> str:
    found = {path for pattern in SOURCES for path in ROOT.glob(pattern)}
    paths = sorted(path for path in found if path.is_file() and ".venv" not in path.parts)
    content = hashlib.sha256(population.digest())
    for path in paths:
        content.update(os.fsencode(path.relative_to(ROOT)) + path.read_bytes())
    return content.hexdigest()[:10]
