"""The connection: says who acts in the same message as BEGIN."""

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus

from dracarys.db.acting import LOGIN_SQL, Actor
from dracarys.db.backend.schema import SchemaEditor


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
    next_actor: Actor | None = None
    actor: Actor | None = None

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        self.actor = None
        if autocommit or self.next_actor is None:
            return
        actor, self.next_actor = self.next_actor, None
        try:
            self._exec("BEGIN; " + actor.sql())
        except BaseException:
            self._leave_broken_begin()
            raise
        self.actor = actor

    def become(self, actor: Actor | None) -> None:
        """Change who acts, inside the open transaction; None is the login role."""
        self._exec(actor.sql() if actor else LOGIN_SQL)
        self.actor = actor

    def _leave_broken_begin(self) -> None:
        # BEGIN stands although SET ROLE failed: left so, it would poison the persistent connection.
        with self.wrap_database_errors:
            if self.connection is not None and not self.connection.closed:
                self.connection.rollback()
                self.connection.autocommit = True

    def _exec(self, sql: str) -> None:
        with self.wrap_database_errors:
            assert self.connection is not None  # noqa: S101  (Django opened it before BEGIN)
            result = self.connection.pgconn.exec_(sql.encode())
            if result.status == ExecStatus.TUPLES_OK:
                return
            # A line that broke comes without a code, which would make it an error of no particular kind.
            code = result.error_field(DiagnosticField.SQLSTATE)
            if self.connection.pgconn.status == ConnStatus.BAD and not code:
                raise OperationalError(result.get_error_message())
            raise error_from_result(result)
