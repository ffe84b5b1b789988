"""Queries whose SQL is made once, for the few that nearly every page asks.

To build and compile a queryset of some joins takes Django several times as long as it takes PostgreSQL to
answer it.
"""

import uuid
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

P = ParamSpec("P")
ModelT = TypeVar("ModelT", bound=Model)
Row = dict[str, Any]
Rows: TypeAlias = "QuerySet[Any, Any]"
Build = Callable[P, Rows]


def compiled(build: Build[P]) -> Callable[P, list[Row]]:
    """The rows of the queryset that `build` returns, which ends with `values()`.

    Arguments that are UUIDs are parameters of one SQL text; for each combination of the others there is a
    text of its own, so these are few: names, small numbers, None. `build` passes its arguments to the
    queryset and reads nothing else, neither clock nor language. Raises ValueError when a UUID did not become
    a parameter.
    """

    @lru_cache(maxsize=256)
    def made(*shape: Hashable) -> _Compiled | None:
        stand_ins = {n: uuid.uuid4() for n, kept in enumerate(shape) if kept is uuid.UUID}
        arguments = [stand_ins.get(n, kept) for n, kept in enumerate(shape)]
        try:
            return _Compiled.of(cast(Callable[..., Rows], build)(*arguments), stand_ins)
        except EmptyResultSet:  # Django sees that no row can be meant: a number beyond the column's type, say
            return None

    @wraps(build)
    def rows(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        if kwargs:
            raise TypeError(f"{build.__name__} takes its arguments by position.")
        query = made(*(uuid.UUID if isinstance(a, uuid.UUID) else a for a in args))
        return query.rows(args) if query else []

    return rows


def columns_of(model: type[Model], prefix: str = "") -> list[str]:
    """What a query has to read to make an `instance`; `prefix` leads to the model, as in `profile__`."""
    return [f"{prefix}{field.attname}" for field in model._meta.concrete_fields]


def instance(model: type[ModelT], row: Row, prefix: str = "") -> ModelT:
    """The object whose `columns_of` are in this row, as if the ORM had read it; any left out are deferred."""
    columns = [column for column in columns_of(model) if f"{prefix}{column}" in row]
    return model.from_db(DEFAULT_DB_ALIAS, columns, [row[f"{prefix}{column}"] for column in columns])


@dataclass(frozen=True, slots=True)
class _Compiled:
    """`places` says which argument each parameter is; None for one that stays as it is."""

    sql: str
    parameters: tuple[Any, ...]
    places: tuple[int | None, ...]
    names: tuple[str, ...]
    converters: tuple[tuple[str, Sequence[Callable[..., Any]], Any], ...]

    @classmethod
    def of(cls, queryset: Rows, stand_ins: dict[int, uuid.UUID]) -> "_Compiled":
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        argument_of = {stand_in: n for n, stand_in in stand_ins.items()}
        places = tuple(argument_of.get(p) if isinstance(p, uuid.UUID) else None for p in parameters)
        if missing := stand_ins.keys() - set(places):
            raise ValueError(f"Arguments {sorted(missing)} are no parameters of: {sql}")
        names = tuple(queryset.query.selected or ())
        selected = [expression for expression, *_ in compiler.select[: compiler.col_count]]
        converters = tuple(
            (names[n], steps, expression)
            for n, (steps, expression) in compiler.get_converters(selected).items()
        )
        return cls(sql, tuple(parameters), places, names, converters)

    def rows(self, arguments: Sequence[Any]) -> list[Row]:
        parameters = [
            parameter if place is None else arguments[place]
            for parameter, place in zip(self.parameters, self.places, strict=True)
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, parameters)
            rows = [dict(zip(self.names, row, strict=True)) for row in cursor.fetchall()]
        for name, steps, expression in self.converters:
            for row in rows:
                for convert in steps:
                    row[name] = convert(row[name], expression, connection)
        return rows
