"""The runner of the proof: what passed is not run again, what failed is named, and the page tells both."""

import dataclasses
import os
from pathlib import Path

import pytest

from tests.figures import note
from tests.prove import lines, page, results, running
from tests.prove.parts import PARTS, Part
from tests.prove.results import Figure, figures_in, load
from tests.supply.tracked import ROOT

PASSES = "from tests.figures import note\ndef test_it(): note('rounds', 20, limit='20')\n"
FAILS = "def test_it(): assert False\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where results are kept in this test, in which nobody changes the code."""
    for module in (results, running):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(results.load, "__defaults__", (tmp_path,))
    monkeypatch.setattr(results.save, "__defaults__", (tmp_path,))
    monkeypatch.setattr(page, "PAGE", tmp_path / "proof.md")
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for module in (running, page):
        monkeypatch.setattr(module, "source", lambda: "this")
    return tmp_path


def part_of(folder: Path, name: str, text: str) -> Part:
    file = folder / f"{name}.py"
    file.write_text(text)
    # No settings of ours: no Django, no servers.
    return Part(name, name.title(), "It is so.", ("-c", os.devnull, str(file)))


def test_what_passed_is_kept_and_not_run_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    part = part_of(folder, "good", PASSES)
    assert running.run_all([part], again=False)
    result = load("good")
    assert result
    assert (result.tests, result.failed, result.figures) == (1, (), (Figure("rounds", 20, "20"),))
    assert running.run_all([part], again=False)
    assert "passed before, with this very code" in capsys.readouterr().out


def test_what_failed_is_named_and_run_again(folder: Path) -> None:
    part = part_of(folder, "bad", FAILS)
    assert not running.run_all([part], again=False)
    result = load("bad")
    assert result
    assert [name.rpartition(".")[2] for name in result.failed] == ["test_it"]
    part_of(folder, "bad", PASSES)
    assert running.run_all([part], again=False)


def test_a_part_without_tests_has_not_passed(folder: Path) -> None:
    assert not running.run_all([part_of(folder, "empty", "")], again=False)


def test_what_passed_with_other_code_is_run_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = part_of(folder, "good", PASSES)
    running.run_all([part], again=False)
    monkeypatch.setattr(running, "source", lambda: "other")
    assert not running.is_done(part, "other")


def test_the_page_tells_what_was_found_and_what_is_missing(folder: Path) -> None:
    good = part_of(folder, "good", PASSES)
    running.run_all([good], again=False)
    page.write([good, Part("late", "Late", "Not yet.", ("tests",))])
    text = (folder / "proof.md").read_text()
    assert "| [Good](#good) | 1 tests passed in" in text
    assert "| rounds | 20 | 20 |" in text
    assert "| Late | not run yet | | |" in text


def test_figures_of_several_processes_are_put_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIGURES", str(tmp_path / "figures"))
    for share in (3, 4):
        note("cells", share)
        note("heaviest page, kB", share, largest=True)
        note("who", f"number {share}")
    assert [str(one) for one in figures_in(tmp_path / "figures")] == ["7", "4", "number 4"]


def test_a_measured_part_tells_which_lines_were_run(folder: Path) -> None:
    text = "import learning.rules\ndef test_it(): pass\n"
    part = dataclasses.replace(part_of(folder, "lines", text), measured=True)
    result = running.run(part, "this")
    assert result.passed
    found = {figure.name: figure.value for figure in result.figures}
    assert set(found) == {lines.LINES, lines.DOMAIN}
    assert all(0 < float(share) < 50 for share in found.values())


def test_what_is_a_domain() -> None:
    others = ("learning/views.py", "learning/management/commands/x.py", "dracarys/cache.py")
    assert lines.is_domain("learning/rules.py")
    assert not any(lines.is_domain(name) for name in others)


def test_every_test_a_part_names_is_there() -> None:
    for part in PARTS:
        assert part.tests
        for name in part.tests:
            assert name.startswith("--") or (ROOT / name).exists(), f"{part.name}: {name}"
