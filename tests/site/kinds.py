"""What kind of page an address shows."""

from django.contrib import admin

MODELS = {f"{model._meta.app_label}_{model._meta.model_name}" for model in admin.site._registry}


def kind(name: str) -> str:
    """The name of an address; of a model's page in the admin what it is for: Django builds them all."""
    model, _, purpose = name.removeprefix("admin:").rpartition("_")
    return f"admin: {purpose}" if model in MODELS else name
