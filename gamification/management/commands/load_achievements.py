"""Load the product's achievements. Loading them twice changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from dracarys.db.acting import acting_as_service
from gamification import catalogue

PRODUCT = Path(catalogue.__file__).parent / "achievements.yaml"


class Command(BaseCommand):
    help = "Load achievements from a YAML file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=PRODUCT)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with acting_as_service():
                count = catalogue.load(options["file"])
        except catalogue.CatalogueError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            self.stdout.write(f"Achievements: {count}.")
