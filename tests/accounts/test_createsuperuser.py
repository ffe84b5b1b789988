"""The first member of staff is made on the command line, as docs/deploy.md says."""

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_who_was_made_on_the_command_line_works_in_the_admin(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "learn-with-fire")
    call_command("createsuperuser", email="Staff@Example.org", interactive=False, verbosity=0)
    made = User.objects.get(email="staff@example.org")
    assert made.check_password("learn-with-fire")
    client.force_login(made)
    assert client.get("/admin/").status_code == 200
