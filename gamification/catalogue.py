"""The achievements of the product as a file. Loading it twice changes nothing."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from dracarys.lib import yaml_text
from gamification import rules
from gamification.models import Achievement


class AchievementFile(BaseModel):
    """One achievement; what may stand under `requirements` is `rules.Requirement`."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,100}$")]
    title: Annotated[str, Field(min_length=1, max_length=80)]
    description: Annotated[str, Field(min_length=1, max_length=300)]
    category: Literal["path", "mastery", "habit", "general"]
    rarity: Literal["common", "rare", "epic", "legendary"]
    icon: str
    xp_reward: Annotated[int, Field(ge=0, le=500)]
    requirements: rules.Requirement


class CatalogueError(ValueError):
    """The file is not a list of achievements; the message says where."""


def load(path: Path) -> int:
    """Bring the achievements to what the file says; how many there are. Acts as the service."""
    try:
        entries = TypeAdapter(list[AchievementFile]).validate_python(yaml_text.read(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path}: {error}") from error
    for entry in entries:
        Achievement.objects.update_or_create(code=entry.code, defaults=_columns(entry))
    return len(entries)


def _columns(entry: AchievementFile) -> dict[str, Any]:
    return {
        "title": entry.title,
        "description": entry.description,
        "category": entry.category,
        "rarity": entry.rarity,
        "icon_url": entry.icon,
        "xp_reward": entry.xp_reward,
        "requirements": entry.requirements.model_dump(mode="json"),
    }
