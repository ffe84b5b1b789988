"""Faults planted by hand in a copy of the code, each of which the tests that are there for it must catch.

Not collected by `make test`; `make prove` runs it, and so does `pytest tests/prove/planted.py`.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.figures import note
from tests.supply.tracked import ROOT, tracked_files

TESTS_FAILED = 1  # what pytest ends with when tests ran and some failed


@dataclass(frozen=True, slots=True)
class Fault:
    """In `file`, `good` becomes `bad`; one of `tests` must fail."""

    name: str
    file: str
    good: str
    bad: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return self.name


FAULTS = (
    Fault(
        "a missing permission: the component page for anybody signed in",
        "dracarys/views.py",
        "@staff_member_required\n@require_safe\ndef components",
        "@require_safe\ndef components",
        ("tests/authorisation",),
    ),
    Fault(
        "a missing permission: every page for everybody who is not signed in",
        "dracarys/settings.py",
        '    "django.contrib.auth.middleware.LoginRequiredMiddleware",\n',
        "",
        ("tests/authorisation",),
    ),
    Fault(
        "a missing permission: a locked gate opens its assessment",
        "learning/quiz_taking.py",
        "        access.require_assessment(user_id, lesson_id)\n",
        "",
        ("tests/authorisation", "tests/learning/test_what_is_open.py"),
    ),
    Fault(
        "a leaked answer: the text of the right choice ends in a space",
        "learning/questions/choices.py",
        '"text": choices[choice]["text"]}',
        '"text": choices[choice]["text"] + " " * choices[choice]["correct"]}',
        ("tests/secrecy",),
    ),
    Fault(
        "a leaked answer: the right choice comes first",
        "learning/questions/choices.py",
        "    shuffle(order)\n",
        '    order.sort(key=lambda one: not choices[one]["correct"])\n',
        ("tests/secrecy",),
    ),
    Fault(
        "a leaked answer: what is to be put in order stands in order",
        "learning/questions/ordering.py",
        '        items = sorted(stored["items"], key=lambda item: str(item["id"]))\n        shuffle(items)\n',
        '        items = list(stored["items"])\n',
        ("tests/secrecy",),
    ),
    Fault(
        "a lost lock: two tabs submit one attempt",
        "learning/quiz_taking.py",
        'Attempt.objects.select_for_update(of=("self",)).select_related',
        "Attempt.objects.select_related",
        ("tests/races",),
    ),
    Fault(
        "a lost lock: two grants to one person at once",
        "gamification/ledger.py",
        "UserProfile.objects.select_for_update().get",
        "UserProfile.objects.get",
        ("tests/races",),
    ),
    Fault(
        "a sanitiser that lets everything through",
        "learning/markdown.py",
        '"html": False',
        '"html": True',
        ("tests/learning/test_markdown_is_harmless.py", "tests/bad_input"),
    ),
    Fault(
        "a cache whose failure is everybody's",
        "dracarys/settings.py",
        "dracarys.cache.DegradingRedisCache",
        "django.core.cache.backends.redis.RedisCache",
        ("tests/faults/test_without_valkey.py",),
    ),
    Fault(
        "a policy that allows inline styles",
        "dracarys/settings.py",
        '        "img-src": ["\'self\'", "data:"],\n',
        '        "img-src": ["\'self\'", "data:"],\n        "style-src": ["\'unsafe-inline\'"],\n',
        ("tests/site/test_security_headers.py",),
    ),
    Fault(
        "a text too pale to read",
        "static/css/app.css",
        "--text-2: light-dark(#474d5e",
        "--text-2: light-dark(#a7adbe",
        ("tests/browser/test_pages.py",),
    ),
)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project in another folder."""
    folder = tmp_path_factory.mktemp("planted") / "dracarys"
    for path in tracked_files():
        to = folder / path.relative_to(ROOT)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, to)
    return folder


@pytest.fixture
def planted(copy: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The copy with one fault in it."""
    fault: Fault = request.node.callspec.params["fault"]
    file = copy / fault.file
    before = file.read_text()
    assert before.count(fault.good) == 1, f"{fault.file} has changed: plant the fault anew"
    file.write_text(before.replace(fault.good, fault.bad))
    yield copy
    file.write_text(before)


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_planted_fault_is_caught(planted: Path, fault: Fault) -> None:
    command = [sys.executable, "-m", "pytest", *fault.tests, "--exitfirst", "-p", "no:cacheprovider"]
    environment = {**os.environ, "AMOUNTS": "sample", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("FIGURES", None)
    ended = subprocess.run(command, cwd=planted, env=environment, capture_output=True, text=True)
    assert ended.returncode == TESTS_FAILED, ended.stdout + ended.stderr
    by = next(line for line in ended.stdout.splitlines() if line.startswith(("FAILED", "ERROR")))
    note(fault.name, f"caught by {by.split(' ')[1].rpartition('::')[2].partition('[')[0]}", limit="caught")
