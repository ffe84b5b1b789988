"""SQL for the three roles, for row policies and for privileges.

Roles belong to the whole server. Two databases that create them at once race even behind "if not
exists", so they are made where the server is set up, and the migration makes what is still missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import migrations

CREATE_ROLES = """
DO $$
DECLARE
    role text;
    tries int := 0;
BEGIN
    FOREACH role IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                NULL;  -- another database of this server was faster
            END;
        END IF;
        LOOP
            -- From 16 on a role's creator may not SET it before an explicit grant.
            EXIT WHEN EXISTS (
                SELECT FROM pg_auth_members m
                WHERE m.roleid = role::regrole AND m.member = current_user::regrole
                  AND coalesce((to_jsonb(m) ->> 'set_option')::boolean, true));
            BEGIN
                EXECUTE format('GRANT %I TO CURRENT_USER', role);
            EXCEPTION WHEN internal_error OR unique_violation THEN
                tries := tries + 1;
                IF tries > 50 THEN RAISE; END IF;
                PERFORM pg_sleep(0.05);
            END;
        END LOOP;
    END LOOP;
END $$;
GRANT USAGE ON SCHEMA public TO anon, authenticated, service_role;
-- The service writes every table of ours; nobody else gets anything by default.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO service_role;
"""
DROP_DEFAULTS = """
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM service_role;
ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM service_role;
"""

# Wrapped in a SELECT it is evaluated once a query, not once a row. After a transaction the setting is '',
# not NULL.
ME = "(SELECT nullif(current_setting('app.user_id', true), '')::uuid)"


@dataclass(frozen=True, slots=True)
class Policy:
    """One row policy: a name, a command (SELECT, INSERT, UPDATE, DELETE, ALL), roles and predicates.

    `@me` in a predicate is the acting person's id.
    """

    name: str
    command: str
    to: str
    using: str | None = None
    check: str | None = None

    def sql(self, table: str) -> str:
        parts = [f'CREATE POLICY "{self.name}" ON {table} FOR {self.command} TO {self.to}']
        if self.using:
            parts.append(f"USING ({self.using.replace('@me', ME)})")
        if self.check:
            parts.append(f"WITH CHECK ({self.check.replace('@me', ME)})")
        return " ".join(parts)


def readable_by_all(name: str = "Everybody signed in can read", *, to: str = "authenticated") -> Policy:
    return Policy(name, "SELECT", to, using="true")


def own_rows(column: str = "user_id", name: str = "People can read their own rows") -> Policy:
    return Policy(name, "SELECT", "authenticated", using=f"{column} = @me")


def secure(table: str, *policies: Policy, grants: Iterable[str] = ()) -> migrations.RunSQL:
    """A migration step: row security on `table`, the service's policy, `policies`, and `grants`.

    A grant reads like "SELECT TO anon" or "UPDATE (bio) TO authenticated".
    """
    service = Policy("service", "ALL", "service_role", using="true", check="true")
    forward = [f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"]
    forward += [policy.sql(table) for policy in (service, *policies)]
    for grant in grants:
        privilege, role = grant.rsplit(" TO ", 1)
        forward.append(f"GRANT {privilege} ON {table} TO {role}")
    backward = [f"REVOKE ALL ON {table} FROM anon, authenticated"]
    backward += [f'DROP POLICY "{policy.name}" ON {table}' for policy in (*policies, service)]
    backward.append(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    return migrations.RunSQL([*forward], [*backward])
