from django.apps import AppConfig


class DracarysConfig(AppConfig):
    name = "dracarys"
    verbose_name = "Dracarys"
