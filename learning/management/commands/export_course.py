"""Write the course of the database into a folder, from which `load_course` loads it again."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dracarys.db.acting import acting_as_service
from learning import course_folder


class Command(BaseCommand):
    help = "Write levels, market data, topics, glossary and gates into a course folder."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as_service():
                exported = course_folder.export(options["folder"])
        except course_folder.CourseError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            for name in exported.written:
                self.stdout.write(f"written: {name}")
            for name in exported.removed:
                self.stdout.write(f"removed: {name}")
            self.stdout.write(f"Course: {exported.files} files, {len(exported.written)} written.")
