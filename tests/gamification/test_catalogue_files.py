"""Achievement files that cannot be loaded say which file and what is wrong."""

import re
from pathlib import Path

import pytest
import yaml
from django.core.management import CommandError, call_command

from gamification import catalogue
from gamification.models import Achievement
from tests.factories.gamification import PRODUCT

pytestmark = pytest.mark.django_db
GOOD = yaml.safe_load(PRODUCT.read_text("utf-8"))[0]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"requirements": {"kind": "profit"}}, "requirements"),
        ({"xp_reward": 501}, "xp_reward"),
        ({"rarity": "mythic"}, "rarity"),
        ({"code": "Not A Slug"}, "code"),
        ({"colour": "red"}, "colour"),
        ({"title": ""}, "title"),
    ],
)
def test_a_wrong_entry_names_file_and_field_and_changes_nothing(
    tmp_path: Path, change: dict[str, object], named: str
) -> None:
    file = tmp_path / "achievements.yaml"
    file.write_text(yaml.safe_dump([GOOD, {**GOOD, "code": "second", **change}]), "utf-8")
    with pytest.raises(catalogue.CatalogueError, match=named) as caught:
        catalogue.load(file)
    assert str(file) in str(caught.value)
    assert not Achievement.objects.exists()


def test_the_command_says_what_is_wrong_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "achievements.yaml"
    file.write_text("- [a]", "utf-8")
    with pytest.raises(CommandError, match=re.escape(str(file))):
        call_command("load_achievements", str(file))


@pytest.mark.parametrize("text", ["", "[", "just a word", "- 1", "- [a]", "{a: 1}", "- *missing"])
def test_a_file_that_is_no_list_of_achievements_is_an_error_of_our_own(tmp_path: Path, text: str) -> None:
    file = tmp_path / "achievements.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(catalogue.CatalogueError):
        catalogue.load(file)


def test_a_missing_file_is_an_error_of_our_own(tmp_path: Path) -> None:
    with pytest.raises(catalogue.CatalogueError):
        catalogue.load(tmp_path / "nowhere.yaml")


def test_a_file_that_is_no_text_is_an_error_of_our_own(tmp_path: Path) -> None:
    file = tmp_path / "achievements.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(catalogue.CatalogueError):
        catalogue.load(file)
