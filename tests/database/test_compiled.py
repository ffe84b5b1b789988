"""A compiled query gives what its queryset gives, for whoever asks, and runs SQL that was made once."""

import uuid
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db.models import F
from django.db.models.sql.compiler import SQLCompiler

from accounts.models import User, UserProfile
from dracarys.db.compiled import Row, Rows, columns_of, compiled, instance
from learning.models import Lesson
from tests.database.rows import progress_row
from tests.factories.learning import make_gate

pytestmark = pytest.mark.django_db


@compiled
def people(user_id: uuid.UUID, *columns: str) -> Rows:
    rows: Rows = User.objects.filter(pk=user_id).values(*columns)
    return rows


@compiled
def gates(level: int, gate: int) -> Rows:
    return Lesson.objects.filter(level_id=level, gate_id=gate).values("pk", "content_data", "estimated_time")


@compiled
def passed(user_id: uuid.UUID | None, lesson_id: uuid.UUID) -> Rows:
    rows = Lesson.objects.filter(pk=lesson_id)
    if user_id is not None:
        rows = rows.filter(progress__user_id=user_id)
    return rows.annotate(place=F("gate_id")).values("place")


@pytest.fixture
def compilations() -> Iterator[list[str]]:
    """How often Django compiles a query."""
    seen: list[str] = []
    genuine = SQLCompiler.as_sql

    def watched(compiler: SQLCompiler, *args: bool, **kwargs: bool) -> object:
        seen.append(str(compiler.query.model))
        return genuine(compiler, *args, **kwargs)

    with patch.object(SQLCompiler, "as_sql", watched):
        yield seen


def test_one_text_serves_everybody(ash: User, brand: User, compilations: list[str]) -> None:
    found = [people(person.pk, "email", "is_staff") for person in (ash, brand, ash)]
    assert found == [[{"email": person.email, "is_staff": False}] for person in (ash, brand, ash)]
    assert len(compilations) <= 1
    assert people(uuid.uuid4(), "email", "is_staff") == []


def test_arguments_that_are_no_uuid_have_a_text_each(ash: User, brand: User) -> None:
    first, second = make_gate(1, 1), make_gate(1, 2)
    progress_row(ash, first)
    assert [row["pk"] for row in gates(1, 2)] == [second.pk]
    assert [row["pk"] for row in gates(1, 1)] == [first.pk]
    assert passed(ash.pk, first.pk) == passed(None, first.pk) == [{"place": 1}]
    assert passed(brand.pk, first.pk) == passed(ash.pk, second.pk) == []


def test_values_come_converted_as_from_the_queryset() -> None:
    make_gate(1, 1)
    queryset = Lesson.objects.values("pk", "content_data", "estimated_time")
    assert gates(1, 1) == list(queryset)


def test_a_number_that_no_column_can_hold_finds_nothing() -> None:
    assert gates(10**30, 1) == gates(10**30, 1) == []


def test_an_argument_that_became_no_parameter_is_an_error(ash: User) -> None:
    @compiled
    def everybody(user_id: uuid.UUID) -> Rows:
        return User.objects.values("email")

    with pytest.raises(ValueError, match="no parameters"):
        everybody(ash.pk)


def test_arguments_come_by_position(ash: User) -> None:
    with pytest.raises(TypeError, match="by position"):
        passed(lesson_id=ash.pk, user_id=ash.pk)


def test_an_instance_is_as_if_the_orm_had_read_it(ash: User) -> None:
    prefixed = [*columns_of(User), *columns_of(UserProfile, "profile__")]
    row: Row = people(ash.pk, *prefixed)[0]
    user, profile = instance(User, row), instance(UserProfile, row, "profile__")
    assert user == ash
    assert {c: getattr(user, c) for c in columns_of(User)} == {c: getattr(ash, c) for c in columns_of(User)}
    assert profile == ash.profile
    assert not user._state.adding
    assert instance(User, {"id": ash.pk}).get_deferred_fields() >= {"email", "password"}
