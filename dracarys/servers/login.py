"""The roles of the database: the one the site logs in as, and the three it acts as."""

import psycopg
from psycopg import sql

LOGIN = DATABASE = "dracarys"
ACTORS = ("anon", "authenticated", "service_role")


def ensure_login(superuser_url: str, password: str) -> None:
    """Make what is missing of the roles and the site's database.

    The site's login role is no superuser: for one, row security would not exist. It may make databases
    (tests do) and roles, and may become the actors and hand them on. The database is made last, so a
    killed attempt is finished by the next one.
    """
    with psycopg.connect(superuser_url, autocommit=True, connect_timeout=10) as connection:
        if (
            connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
            is not None
        ):
            return
        present = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
        for role in {*ACTORS} - present:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
        if LOGIN not in present:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB CREATEROLE PASSWORD {}").format(
                    sql.Identifier(LOGIN), sql.Literal(password)
                )
            )
        actors = sql.SQL(", ").join(map(sql.Identifier, ACTORS))
        login = sql.Identifier(LOGIN)
        connection.execute(sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(actors, login))
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), login))
