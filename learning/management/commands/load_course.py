"""Load the starter course, or another folder of the same form. Loading it twice changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dracarys.db.acting import acting_as_service
from learning import course_files

STARTER = Path(course_files.__file__).parent / "course"


class Command(BaseCommand):
    help = "Load levels, market data and gates from a course folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=STARTER)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as_service():
                loaded = course_files.load(options["folder"])
        except course_files.CourseError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(
                f"Course: {loaded.levels} levels, {loaded.gates} gates "
                f"({loaded.gates_published} newly published), {loaded.datasets_changed} data sets changed."
            )
