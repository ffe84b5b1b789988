"""What the policy file does not say yet, and what it says in vain; each as the line to add or to take out."""

from collections.abc import Iterable, Iterator

from django.contrib import admin
from django.db.models import Model

from tests.authorisation.admin_pages import REGISTERED, page_of
from tests.authorisation.cells import address
from tests.authorisation.objects import OBJECTS, cases_of, kind
from tests.authorisation.policy import NAME, POLICY
from tests.site.addresses import Route


def is_public(route: Route) -> bool:
    """Whether LoginRequiredMiddleware lets anybody through."""
    return getattr(route.view, "login_required", True) is False


def unsaid(routes: Iterable[Route], models: Iterable[type[Model]] = REGISTERED) -> Iterator[str]:
    """A sentence with the line to add for each route, part and model that the policy does not know."""
    kinds = set()
    for route in routes:
        if page_of(route) is None and route.name not in POLICY.pages:
            who = "everybody" if is_public(route) else "learners"
            yield f'Add to [pages] of {NAME} who may do what at /{route.text}:\n"{route}" = "{who}: GET"'
        if kind(route) not in OBJECTS and kind(route) not in kinds:
            kinds.add(kind(route))
            yield _line_of_parts(route)
    for label in (model._meta.label_lower for model in models):
        if label not in POLICY.admin:
            yield f'Add to [admin] of {NAME} what its staff may do:\n"{label}" = "view add change delete"'


def _line_of_parts(route: Route) -> str:
    parts = kind(route)
    made = ", ".join(f'"{part}": …' for part in route.parts)
    return (
        f"Say what /{route.text} may point to. Add to OBJECTS in tests/authorisation/objects.py:\n"
        f'"{parts}": {{"own": lambda world, role: {{{made}}}, "a stranger\'s": …, "missing": …}},\n'
        f"and to [objects] of {NAME}:\n"
        f'"{parts}".own = "in"\n"{parts}"."a stranger\'s" = "404"\n"{parts}".missing = "404"'
    )


def said_in_vain(routes: Iterable[Route]) -> Iterator[str]:
    """Each line for something that is gone."""
    known = list(routes)
    addresses = {address(route, case) for route in known for case in cases_of(route)}
    names, kinds = {str(route) for route in known}, {kind(route) for route in known}
    labels = {model._meta.label_lower for model in REGISTERED}
    for table, lines, there in (
        ("[pages]", POLICY.pages, names),
        ("[different]", POLICY.different, names),
        ("[changes]", POLICY.changes, addresses),
        ("[objects]", POLICY.objects, kinds),
        ("[tokens]", POLICY.not_wanted, names),
        ("[admin]", POLICY.admin, labels),
        ("[actions]", POLICY.actions, set(actions())),
        ("OBJECTS in objects.py", OBJECTS, kinds),
    ):
        for line in sorted(set(lines) - there):
            yield f'Take "{line}" out of {table}: there is no such thing any more.'


def actions() -> list[str]:
    """Every action of the admin's lists, as the policy writes it."""
    return [
        f"{model._meta.label_lower}: {name}"
        for model in REGISTERED
        for _, name, _ in admin.site._registry[model]._get_base_actions()  # type: ignore[attr-defined]
    ]
