"""Make the demo people of the zero-setup run. Making them twice changes nothing."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from dracarys import demo
from dracarys.db.acting import acting_as_service


class Command(BaseCommand):
    help = "Make demo people with a history; only in the zero-setup run."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.ZERO_SETUP or settings.DEBUG):
            raise CommandError("Demo people have a known password: they are only made in the zero-setup run.")
        with acting_as_service():
            logins = demo.seed(now=timezone.now())
        self.stdout.write(f"Learner: {logins.learner}   Staff: {logins.staff}   Password: {logins.password}")
