"""How long we wait for PostgreSQL, as options of the connection. Pure: settings import it."""

# A line that went dead is noticed in seconds, not hours.
LINE: dict[str, object] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 10_000,  # milliseconds
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
}


def options(statement: str, lock: str, pgbouncer: bool) -> dict[str, object]:
    """Options for psycopg; `statement` and `lock` as PostgreSQL writes a time: 30s, 200ms.

    PgBouncer in transaction mode takes no start-up options: there the role carries the limits.
    """
    limits = {
        "statement_timeout": statement,
        "lock_timeout": lock,
        "idle_in_transaction_session_timeout": "60s",
        "timezone": "UTC",
    }
    words = " ".join(f"-c {name}={value}" for name, value in limits.items())
    return LINE if pgbouncer else LINE | {"options": words}
