"""What people edited since the starter course was last brought in: a restart leaves it as it is."""

from collections.abc import Iterable
from dataclasses import replace

from learning.course_folder.comparing import Difference
from learning.models import CourseOrigin


def spared(differences: Iterable[Difference]) -> list[Difference]:
    """The same; what the database says otherwise than the folder ever did is told as edited here."""
    last = {
        (part, key): digest for part, key, digest in CourseOrigin.objects.values_list("part", "key", "digest")
    }
    return [
        replace(one, state="edited here")
        if one.state == "changed" and last.get((one.part, str(one.key)), one.stored) != one.stored
        else one
        for one in differences
    ]


def remember(differences: Iterable[Difference]) -> None:
    """Note what the folder said of everything that the database says now."""
    CourseOrigin.objects.bulk_create(
        (
            CourseOrigin(part=one.part, key=str(one.key), digest=one.told)
            for one in differences
            if one.state in ("added", "changed", "unchanged")
        ),
        update_conflicts=True,
        unique_fields=["part", "key"],
        update_fields=["digest"],
    )
