"""`prepare` makes a lived-in site and may run again; demo people are made in the zero-setup run only."""

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client, override_settings

from accounts.models import User
from gamification import audit
from gamification.models import Achievement, UserStreak, XpEvent
from learning.models import Attempt, Lesson, UserProgress

pytestmark = pytest.mark.django_db


def rows_of_everything() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in sorted(tables):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


@override_settings(ZERO_SETUP=True)
def test_preparing_twice_makes_one_lived_in_site(capsys: pytest.CaptureFixture[str], client: Client) -> None:
    call_command("prepare")
    assert "Learner: ember@example.org   Staff: staff@example.org" in capsys.readouterr().out
    first = rows_of_everything()
    call_command("prepare")
    assert rows_of_everything() == first
    assert (Lesson.objects.count(), Achievement.objects.count()) == (10, 9)
    assert XpEvent.objects.count() > 50
    assert audit.differences() == []
    _ember_is_in_the_middle_of_something(client)


def _ember_is_in_the_middle_of_something(client: Client) -> None:
    ember = User.objects.get(email="ember@example.org")
    assert authenticate(None, username=ember.email, password="learn-with-fire") is not None
    passed = UserProgress.objects.filter(user=ember, completed=True).count()
    assert (passed, UserStreak.objects.get(user=ember).current_streak) == (2, 2)
    assert Attempt.objects.filter(user=ember).count() == 3
    client.force_login(ember)
    for page in ("/dashboard/", "/path/", "/achievements/", "/leaderboards/weekly/", "/learn/1/3/3/"):
        assert client.get(page).status_code == 200, page


@override_settings(ZERO_SETUP=False, DEBUG=False)
def test_demo_people_are_refused_outside_the_zero_setup_run(capsys: Any) -> None:
    with pytest.raises(CommandError, match="known password"):
        call_command("seed_demo")
    call_command("prepare")
    assert Lesson.objects.count() == 10
    assert not User.objects.exists()
