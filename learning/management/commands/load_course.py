"""Load the starter course, or another folder of the same form. Loading it twice changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dracarys.db.acting import acting_as_service
from learning import course_folder


class Command(BaseCommand):
    help = "Load levels, market data, topics, glossary and gates from a course folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=course_folder.STARTER)
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        act = course_folder.rehearse if options["dry_run"] else course_folder.load
        try:
            with acting_as_service():
                loaded = act(options["folder"])
        except course_folder.CourseError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            self.stdout.write("\n".join(course_folder.report(loaded.differences)))
        elif options["verbosity"]:
            self.stdout.write(
                f"Course: {loaded.levels} levels, {loaded.gates} gates "
                f"({loaded.gates_published} newly published), {loaded.datasets_changed} data sets changed."
            )
