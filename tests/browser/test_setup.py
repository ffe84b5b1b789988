"""Where the browser of these tests comes from."""

import os
import sys
from pathlib import Path

import pytest

from tests import browser_setup


@pytest.fixture
def two_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("google-chrome", "chromium"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", os.fspath(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    return tmp_path


def test_installed_ones_are_tried_before_playwrights_own(two_on_path: Path) -> None:
    assert list(browser_setup.candidates()) == [two_on_path / "chromium", two_on_path / "google-chrome", None]


def test_a_named_one_is_the_only_one(two_on_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "/opt/mine")
    assert list(browser_setup.candidates()) == [Path("/opt/mine")]


def test_ways_to_install_are_tried_until_one_gives_a_browser_that_starts(
    two_on_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried: list[str] = []
    monkeypatch.setattr(browser_setup, "found", lambda: "a browser" if "second" in tried else None)

    def way(name: str) -> bool:
        tried.append(name)
        return True

    ways = tuple(lambda name=name: way(name) for name in ("first", "second", "third"))
    assert browser_setup.main(ways) == 0
    assert tried == ["first", "second"]
    assert capsys.readouterr().out.endswith("Browser tests use a browser.\n")


def test_without_any_it_says_in_a_sentence_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser_setup, "found", lambda: None)
    assert browser_setup.main((lambda: False,)) == 1
    assert capsys.readouterr().err == f"{browser_setup.ADVICE}\n"


def test_a_program_that_is_not_there_or_fails_is_no_error() -> None:
    assert not browser_setup._run("/nowhere/at-all")
    assert not browser_setup._run(sys.executable, "-c", "raise SystemExit(3)")
