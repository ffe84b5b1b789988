"""Load the starter course, or another folder of the same form. Loading it twice changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dracarys.db.acting import acting_as_service
from learning import course_folder
from learning.models import Lesson


class Command(BaseCommand):
    help = "Load levels, market data, topics, glossary and gates from a course folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=course_folder.STARTER)
        parser.add_argument(
            "--keep-edits",
            action="store_true",
            help="leave alone what people edited since; a course that cannot be loaded is only reported "
            "where there is one already",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show what would change, and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as_service():
                if options["dry_run"]:
                    loaded = course_folder.rehearse(options["folder"])
                else:
                    loaded = course_folder.load(options["folder"], keeps_edits=options["keep_edits"])
        except course_folder.CourseError as error:
            # A restart does not fail over a lesson that no longer fits to what was edited around it.
            if not (options["keep_edits"] and Lesson.objects.exists()):
                raise CommandError(str(error)) from error
            self.stderr.write(f"The course is left as it is: {error}")
            return
        if options["dry_run"]:
            self.stdout.write("\n".join(course_folder.report(loaded.differences)))
        elif options["verbosity"]:
            self.stdout.write(
                f"Course: {loaded.levels} levels, {loaded.gates} gates "
                f"({loaded.gates_published} newly published), {loaded.datasets_changed} data sets changed."
            )
