"""`acting_as`: begins with the transaction or a savepoint, and ends with it."""

import uuid

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from accounts.models import User, UserProfile
from dracarys.db.acting import ANON, SERVICE, Actor, acting_as, acting_as_service, person
from tests.database.acting_pages import who
from tests.database.rows import rows, run

pytestmark = pytest.mark.usefixtures("opened")
writes = pytest.mark.django_db(transaction=True)
ME = uuid.UUID("11111111-1111-4111-8111-111111111111")


def acting() -> tuple[str, str]:
    role, user, _ = who()
    return role, user


def fail_after(touched: int) -> None:
    """What a step does that breaks when it has written its row."""
    assert touched == 1
    raise ValueError("in mid-write")


@pytest.fixture
def login() -> tuple[str, str]:
    return str(connection.settings_dict["USER"]), ""


def test_it_ends_with_the_commit(login: tuple[str, str]) -> None:
    with acting_as(person(ME)):
        assert acting() == ("authenticated", str(ME))
    assert acting() == login


@writes
def test_it_ends_with_an_exception_and_takes_the_writes_along(ash: User, login: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match="in mid-write"), acting_as(person(ash.pk)):
        fail_after(UserProfile.objects.filter(pk=ash.pk).update(full_name="Renamed"))
    assert UserProfile.objects.get(pk=ash.pk).full_name == "Ash"
    assert acting() == login


@writes
def test_it_ends_with_a_rollback_without_an_exception(ash: User, login: tuple[str, str]) -> None:
    with acting_as(person(ash.pk)):
        UserProfile.objects.filter(pk=ash.pk).update(full_name="Renamed")
        transaction.set_rollback(True)
    assert UserProfile.objects.get(pk=ash.pk).full_name == "Ash"
    assert acting() == login


def test_it_ends_with_an_error_of_the_database(login: tuple[str, str]) -> None:
    with pytest.raises(ProgrammingError), acting_as(ANON):
        run("SELECT password FROM users")
    assert acting() == login
    with acting_as(person(ME)):
        assert acting() == ("authenticated", str(ME))


def test_a_plain_transaction_after_it_is_the_login_role(login: tuple[str, str]) -> None:
    with acting_as(SERVICE):
        pass
    with transaction.atomic():
        assert acting() == login


def test_nested_the_former_actor_returns() -> None:
    with acting_as(person(ME)):
        with acting_as_service():
            assert acting() == ("service_role", "")
            with acting_as(ANON):
                assert acting() == ("anon", "")
            assert acting() == ("service_role", "")
        assert acting() == ("authenticated", str(ME))


def test_nested_the_former_actor_returns_after_an_error_of_the_database() -> None:
    with acting_as(person(ME)):
        with pytest.raises(ProgrammingError), acting_as(ANON):
            run("SELECT password FROM users")
        assert acting() == ("authenticated", str(ME))


@writes
def test_a_failed_step_takes_only_its_own_writes_along(ash: User) -> None:
    with acting_as(person(ash.pk)):
        UserProfile.objects.filter(pk=ash.pk).update(bio="Kept")
        with pytest.raises(ValueError, match="in mid-write"), acting_as_service():
            fail_after(UserProfile.objects.filter(pk=ash.pk).update(total_xp=5))
    assert UserProfile.objects.values_list("bio", "total_xp").get(pk=ash.pk) == ("Kept", 0)


def test_inside_a_plain_transaction_the_login_role_returns(login: tuple[str, str]) -> None:
    with transaction.atomic():
        with acting_as(person(ME)):
            assert acting() == ("authenticated", str(ME))
        assert acting() == login


def test_a_role_that_does_not_exist_leaves_the_connection_usable(login: tuple[str, str]) -> None:
    for _ in range(2):
        with pytest.raises(DatabaseError, match="does not exist"), acting_as(Actor("nobody")):  # type: ignore[arg-type]
            pytest.fail("the block ran")
        assert not connection.in_atomic_block
        assert rows("SELECT pg_current_xact_id_if_assigned()") == [(None,)]
    assert acting() == login
    with acting_as(person(ME)):
        assert acting() == ("authenticated", str(ME))


def test_nested_a_role_that_does_not_exist_costs_only_the_block() -> None:
    with acting_as(person(ME)):
        with pytest.raises(DatabaseError, match="does not exist"), acting_as(Actor("nobody")):  # type: ignore[arg-type]
            pytest.fail("the block ran")
        assert acting() == ("authenticated", str(ME))


def test_after_commit_callbacks_run_as_the_login_role(login: tuple[str, str]) -> None:
    seen = []
    with acting_as(SERVICE):
        transaction.on_commit(lambda: seen.append(acting()))
        with acting_as(person(ME)):
            transaction.on_commit(lambda: seen.append(acting()))
    assert seen == [login, login]


def test_a_savepoint_rolled_back_inside_keeps_the_actor() -> None:
    with acting_as(person(ME)):
        with pytest.raises(ProgrammingError), transaction.atomic():
            run("SELECT password FROM users")
        assert acting() == ("authenticated", str(ME))


def test_a_lost_connection_is_made_anew_with_its_actor(login: tuple[str, str]) -> None:
    connection.close()
    with acting_as(person(ME)):
        assert acting() == ("authenticated", str(ME))
    connection.close()
    assert acting() == login


def test_the_actor_comes_in_the_same_message_as_begin() -> None:
    with acting_as(ANON):
        began, now = rows("SELECT transaction_timestamp(), statement_timestamp()")[0]
        assert rows("SELECT current_setting('role')") == [("anon",)]
        assert began <= now
