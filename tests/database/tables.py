"""The tables of the database, and those that hold nothing of the product."""

from tests.database.rows import rows

# Django's and django-allauth's own tables: without row policies, and nobody but the service touches them.
MACHINERY = frozenset(
    {
        "account_emailaddress",
        "account_emailconfirmation",
        "auth_group",
        "auth_group_permissions",
        "auth_permission",
        "django_admin_log",
        "django_content_type",
        "django_migrations",
        "django_session",
        "users_groups",
        "users_user_permissions",
    }
)


def ours() -> set[str]:
    """Every table of the database."""
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
