"""The README's commands are the Makefile's, and CI runs the same ones."""

import re

from tests.architecture.source import ROOT


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def commands(name: str) -> set[str]:
    return set(re.findall(r"\bmake ([a-z]+)", (ROOT / name).read_text("utf-8")))


def test_every_command_of_the_readme_exists() -> None:
    asked = commands("README.md")
    assert {"run", "test"} <= asked
    assert asked <= targets()


def test_every_command_of_ci_exists() -> None:
    assert commands(".ci/run") <= targets()


def test_every_target_is_explained_in_the_list() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    explained = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert phony == explained == targets()


def test_what_is_started_from_a_clone_is_committed_as_a_list_of_exact_versions() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    wanted = [line.split("#")[0].strip() for line in lines]
    assert all("==" in line for line in wanted if line and not line.startswith("-")), wanted
