"""What a database's catalogue says about the schema that was asked for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

TABLES = (
    "users",
    "user_profiles",
    "user_progress",
    "lessons",
    "achievements",
    "user_achievements",
    "leaderboard",
    "user_streaks",
    "user_activity_log",
    "community_posts",
    "community_comments",
    "community_votes",
    "live_sessions",
    "session_participants",
    "subscription_plans",
    "user_subscriptions",
)
VIEWS = ("user_learning_stats", "lesson_popularity")
FUNCTIONS = ("calculate_user_level", "update_leaderboard")
SOME_XP = (0, 999, 1000, 2999, 3000, 6999, 7000, 14_999, 15_000, 31_000, 1_000_000, 2_147_483_647)

# Both schemas of the seed, ours only has the first.
OURS = "FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname IN ('public', 'auth')"
MINE = "t.relkind IN ('r', 'p') AND t.relname = ANY(%s)"
COLUMNS = f"""
    SELECT t.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           pg_get_expr(d.adbin, d.adrelid)
    {OURS} JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum WHERE {MINE}
"""
CONSTRAINTS = f"""
    SELECT t.relname, c.conname, c.contype::text, pg_get_constraintdef(c.oid), c.confdeltype::text, r.relname,
           ARRAY(SELECT a.attname::text FROM pg_attribute a
                 WHERE a.attrelid = t.oid AND a.attnum = ANY(c.conkey))
    {OURS} JOIN pg_constraint c ON c.conrelid = t.oid LEFT JOIN pg_class r ON r.oid = c.confrelid
    WHERE {MINE} AND c.contype IN ('c', 'f', 'p', 'u')
"""
INDEXES = f"""
    SELECT t.relname, i.relname, pg_get_indexdef(i.oid), x.indisunique AND x.indpred IS NULL,
           ARRAY(SELECT a.attname::text FROM pg_attribute a
                 WHERE a.attrelid = t.oid AND a.attnum = ANY(x.indkey))
    {OURS} JOIN pg_index x ON x.indrelid = t.oid JOIN pg_class i ON i.oid = x.indexrelid WHERE {MINE}
"""
POLICIES = f"""
    SELECT t.relname, t.relrowsecurity, p.polname, pg_get_expr(p.polqual, p.polrelid)
    {OURS} LEFT JOIN pg_policy p ON p.polrelid = t.oid WHERE {MINE}
"""
VIEW_COLUMNS = f"""
    SELECT t.relname, a.attname
    {OURS} JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0
    WHERE t.relkind = 'v' AND t.relname = ANY(%s)
"""
SIGNATURES = """
    SELECT proname, oidvectortypes(proargtypes) || ' -> ' || pg_get_function_result(oid),
           EXISTS (SELECT FROM pg_trigger WHERE tgfoid = p.oid)
    FROM pg_proc p WHERE proname = ANY(%s)
"""
FLAMES = (
    "SELECT ARRAY(SELECT calculate_user_level(xp) FROM unnest(%s::int[]) WITH ORDINALITY u(xp, n) ORDER BY n)"
)


class Cursor(Protocol):
    """Django's cursor or psycopg's."""

    def execute(self, query: Any, params: Any, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Column:
    type: str
    required: bool
    default: str | None


@dataclass(frozen=True, slots=True)
class Constraint:
    """`kind` is PostgreSQL's letter: c, f, p or u; so is `on_delete`."""

    table: str
    name: str
    kind: str
    definition: str
    on_delete: str
    target: str | None
    columns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Function:
    signature: str
    has_trigger: bool


@dataclass(frozen=True, slots=True)
class Catalog:
    columns: dict[tuple[str, str], Column]
    constraints: tuple[Constraint, ...]
    indexes: dict[tuple[str, str], str]
    uniques: frozenset[tuple[str, frozenset[str]]]
    policies: dict[str, dict[str, str | None]]
    views: dict[str, frozenset[str]]
    functions: dict[str, Function]
    flames: tuple[int, ...]

    @classmethod
    def read(cls, cursor: Cursor) -> "Catalog":
        """Everything that is compared; without rows of `functions` no flames."""

        def rows(query: str, names: Iterable[object] = TABLES) -> list[Any]:
            cursor.execute(query, [list(names)])
            return cursor.fetchall()

        constraints = tuple(_constraint(row) for row in rows(CONSTRAINTS))
        indexes = rows(INDEXES)
        functions = {name: Function(signature, used) for name, signature, used in rows(SIGNATURES, FUNCTIONS)}
        return cls(
            columns={(table, name): Column(*rest) for table, name, *rest in rows(COLUMNS)},
            constraints=constraints,
            indexes={(table, name): definition for table, name, definition, *_ in indexes},
            uniques=frozenset(_unique(*row) for row in indexes if row[3]),
            policies=_policies(rows(POLICIES)),
            views=_grouped(rows(VIEW_COLUMNS, VIEWS)),
            functions=functions,
            flames=tuple(rows(FLAMES, SOME_XP)[0][0]) if "calculate_user_level" in functions else (),
        )


def _constraint(row: Any) -> Constraint:
    table, name, kind, definition, on_delete, target, columns = row
    return Constraint(table, name, kind, definition, on_delete, target, frozenset(columns))


def _unique(table: str, name: str, definition: str, unique: bool, columns: list[str]) -> Any:
    # An index on lower(email) has no column of its own and keeps email unique all the same.
    folded = re.findall(r"lower\(\(?(\w+)", definition)
    return table, frozenset(columns or folded)


def _policies(rows: list[Any]) -> dict[str, dict[str, str | None]]:
    """Policies with their USING, of the tables whose row security is on."""
    found: dict[str, dict[str, str | None]] = {table: {} for table, on, *_ in rows if on}
    for table, on, name, using in rows:
        if on and name:
            found[table][name] = using
    return found


def _grouped(rows: list[Any]) -> dict[str, frozenset[str]]:
    return {view: frozenset(name for v, name in rows if v == view) for view, _ in rows}
