from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dracarys import file_copies


class Command(BaseCommand):
    help = "Put the files of FOLDER that the storage lacks into it: after the database was restored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            count = file_copies.load(folder)
        except OSError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{count} files put back.")
