from django.apps import AppConfig


class DatabaseConfig(AppConfig):
    name = "dracarys.db"
    label = "database"
    verbose_name = "Database"

    def ready(self) -> None:
        from dracarys.db import checks  # noqa: F401  (registers the start-up check)
