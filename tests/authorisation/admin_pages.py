"""The pages that Django makes for each model of the admin: which deed each is, and who may do it."""

from dataclasses import dataclass
from functools import cache

from django.contrib import admin
from django.db.models import Model

from dracarys import urls
from tests.authorisation.policy import IN, POLICY, REFUSED
from tests.site.addresses import Route

# The site's addresses bring the last registrations with them.
SITE = admin.site if urls.urlpatterns else None
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
# What a page is for, by the end of its name, and the permission that it wants: for reading, for sending.
WANTS = {
    "changelist": ("view", "view"),
    "history": ("view", "view"),
    "add": ("add", "add"),
    "generate": ("add", "add"),
    "change": ("view", "change"),
    "delete": ("delete", "delete"),
    "password": ("change", "change"),
}
FRONT = "front"  # where Django sends the staff to tell that a row is not there


@dataclass(frozen=True, slots=True)
class AdminPage:
    """One page of one model; without a deed it is the old form of an address, which leads to the new one."""

    model: type[Model]
    deed: str

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def is_only_read(self) -> bool:
        """Whether sending is no more than reading; the actions of a list are tried by themselves."""
        return self.deed in ("changelist", "history", "")

    def answer(self, role: str, method: str, case: str) -> str:
        """What the role meets."""
        if role not in POLICY.who["the staff"]:
            return POLICY.roles[role]
        if not self.deed:
            return IN
        if case == "missing" and self.deed == "history":
            return FRONT  # told before it is asked who asks
        reading, sending = WANTS[self.deed]
        if not POLICY.may(role, sending if method == "POST" else reading, self.label):
            return REFUSED
        return FRONT if case == "missing" else IN


@cache
def page_of(route: Route) -> AdminPage | None:
    """What this route is of the pages that Django makes for a model; None for every other."""
    return None if route.name in POLICY.pages else place_of(route)


@cache
def place_of(route: Route) -> AdminPage | None:
    """The same, our own pages about a row included."""
    for model in REGISTERED:
        app, name = model._meta.app_label, model._meta.model_name
        if route.text == f"admin/{app}/{name}/<path:object_id>/":
            return AdminPage(model, "")
        if route.text == f"admin/{app}/{name}/<id>/password/":
            return AdminPage(model, "password")
        if route.name.startswith(f"admin:{app}_{name}_"):
            return AdminPage(model, route.name.rsplit("_", 1)[-1])
    return None
