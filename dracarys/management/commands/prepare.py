"""Everything between an empty database and a lived-in site: schema, course, achievements, demo people."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = (
        "Migrate, load the starter course and the achievements, and in the zero-setup run make demo people."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("load_achievements", verbosity=0)
        call_command("load_course", verbosity=0)
        if settings.ZERO_SETUP:
            call_command("seed_demo", stdout=self.stdout)
