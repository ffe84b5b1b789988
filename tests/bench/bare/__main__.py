"""`python -m tests.bench.bare` makes the tables and prints the cookie of somebody who is signed in."""

import sys
from typing import Any

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import Client


def prepare() -> str:
    """Tables, people, and somebody's session, as a Cookie header has it."""
    django.setup()
    from tests.bench.bare.urls import ROWS

    call_command("migrate", verbosity=0)
    people: Any = get_user_model().objects
    if not people.exists():
        for n in range(ROWS):
            people.create(username=f"person{n}", email=f"person{n}@bench.invalid")
    client = Client()
    client.force_login(people.earliest("pk"))
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


if __name__ == "__main__":
    sys.stdout.write(prepare())
