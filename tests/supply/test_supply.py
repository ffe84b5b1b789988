"""The checks of what we stand on see what they are there for."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.supply import audit, bill, passwords, pins, vendored
from tests.supply.packages import installed
from tests.supply.tracked import ROOT, tracked_files


def test_a_key_in_a_file_is_found_and_a_known_text_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "ROOT", tmp_path)
    file = tmp_path / "settings.py"
    parts = ("AKIA", "QYLPMN5HHHFPZAM2")
    file.write_text(f'MAIL_PASSWORD = "learn-with-fire"\nKEY = "{parts[0]}{parts[1]}"\n')
    assert list(passwords.findings([file])) == ["settings.py:2: AWS Access Key"]


def test_a_changed_an_unknown_and_an_unlicensed_vendored_file_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(vendored.differences()) == []
    shutil.copytree(vendored.VENDOR, tmp_path / "vendor")
    monkeypatch.setattr(vendored, "VENDOR", tmp_path / "vendor")
    htmx, charts = (vendored.VENDOR / entry["file"] for entry in vendored.manifest())
    htmx.write_bytes(htmx.read_bytes() + b"\n")
    (charts.parent / "LICENSE").unlink()
    (charts.parent / "extra.js").write_text("0")
    said = " | ".join(vendored.differences())
    assert "htmx 4.0.1: its hash differs" in said
    assert "with its LICENSE" in said
    assert "extra.js is not in the manifest" in said


def test_everything_we_stand_on_is_pinned(tmp_path: Path) -> None:
    assert pins.unpinned() == []
    fewer = tmp_path / "constraints.txt"
    fewer.write_text(pins.PINS.read_text().replace("\ndjango==", "\n# django=="))
    assert pins.unpinned(fewer) == [f"django=={installed('requirements.txt')['django'].version}"]


def test_the_bill_names_every_part_with_its_licence_and_is_the_same_each_time() -> None:
    parts = json.loads(bill.bill())["components"]
    names = {part["name"] for part in parts}
    assert {"django", "psycopg-binary", "htmx", "lightweight-charts"} <= names
    assert "pytest" not in names
    assert all(part["licenses"][0]["license"]["name"] for part in parts)
    assert bill.bill() == bill.bill()


@pytest.mark.parametrize(
    ("answers", "status", "said"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], 0, "1 packages asked about, 0 known weaknesses."),
        ([{"name": "b"}], 1, "Nothing is known of b."),
        (
            [{"name": "c", "version": "1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2"]}]}],
            1,
            "c 1: PYSEC-1, fixed in 2",
        ),
    ],
)
def test_the_audit_fails_for_a_weakness_and_for_what_nobody_knows(
    capsys: pytest.CaptureFixture[str], answers: list[dict[str, Any]], status: int, said: str
) -> None:
    assert audit.report(answers) == status
    assert said in capsys.readouterr().out


def test_new_files_are_looked_at_before_they_are_committed() -> None:
    files = tracked_files()
    assert ROOT / "manage.py" in files
    assert not any(".venv" in path.parts for path in files)
