"""Who walks through the site, and everything they find: each page they can reach and each form on it."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from accounts.models import OutboxMessage, User
from dracarys.db.acting import acting_as_service
from dracarys.lib.read_only_admin import ReadOnlyAdmin
from gamification import catalogue
from learning import progress, quiz_taking
from learning.models import Lesson, Level
from learning.workshop import drafts
from tests.admin.rows import ROWS
from tests.bad_input.browser import Quick
from tests.bad_input.pages import Form, Page, route_of
from tests.factories.accounts import PASSWORD, StaffFactory, UserFactory
from tests.factories.beside import beside_all, make_terms
from tests.factories.billing import subscribe
from tests.factories.blocks import checkpoint, lesson_of, reflection
from tests.factories.gamification import PRODUCT
from tests.factories.learning import content, make_gate, take
from tests.site.addresses import addresses

AT_MOST = {
    "staff": 1,
    "learner": 5,
}  # pages of one route; of the others three: the fourth gate has no other form
Arrival = tuple[Quick, str]  # a browser, and where it stands


@dataclass(slots=True)
class Visitor:
    """Somebody with a browser, and what they found: the pages that answered, and the forms on them."""

    name: str
    browser: Quick
    pages: list[str]
    forms: list[Form]


def _visitor(gate: Lesson) -> Arrival:
    return Quick(), "/"


def _signing_up(gate: Lesson) -> Arrival:
    browser = Quick()
    browser.post("/accounts/signup/", {"email": "newcomer@example.org", "password1": PASSWORD})
    return browser, "/accounts/confirm-email/"


def _forgetful(gate: Lesson) -> Arrival:
    """Opened the link of the mail that resets a password."""
    person, browser = UserFactory.create(), Quick()
    browser.post("/accounts/password/reset/", {"email": person.email})
    mail = OutboxMessage.objects.filter(recipient=person.email).latest("created_at")
    link = re.search(r"https?://[^/]+(/accounts/password/reset/key/\S+)", (mail.payload or {})["body"])
    assert link
    return browser, browser.get(link[1]).headers["Location"]


def _newcomer(gate: Lesson) -> Arrival:
    return _of(UserFactory.create(terms_accepted_at=None)), "/me/welcome/"


def _without_password(gate: Lesson) -> Arrival:
    person = UserFactory.create()
    person.set_unusable_password()
    person.save(update_fields=["password"])
    return _of(person), "/accounts/password/set/"


def _learner(gate: Lesson) -> Arrival:
    """Has a result and an open attempt, and every level is open to them."""
    person = UserFactory.create()
    subscribe(person)
    take(person, gate, at=timezone.now(), mistakes=1)
    beside_all(person, gate)
    quiz_taking.begin(user_id=person.pk, lesson_id=gate.pk, at=timezone.now())
    with acting_as_service():
        progress.reach(user_id=person.pk, lesson=gate, position=3, at=timezone.now())
    return _of(person), "/learn/1/2/assessment/"


def _staff(gate: Lesson) -> Arrival:
    """Somebody who is about to publish a draft."""
    author = StaffFactory.create()
    draft = drafts.draft_of(gate)
    drafts.save(draft, content=draft.content, assessment=draft.assessment, by=author.pk)
    return _of(author), f"/admin/learning/lesson/{gate.pk}/publish/"


def _of(person: User) -> Quick:
    browser = Quick()
    browser.force_login(person)
    return browser


CAST: dict[str, Callable[[Lesson], Arrival]] = {
    "visitor": _visitor,
    "signing up": _signing_up,
    "forgetful": _forgetful,
    "newcomer": _newcomer,
    "without password": _without_password,
    "learner": _learner,
    "staff": _staff,
}


def everybody() -> dict[str, Visitor]:
    """The cast, each after a walk through all of the site that they can reach."""
    catalogue.load(PRODUCT)
    make_terms(stop_loss="Where one is wrong.")
    chart = content()["blocks"][1]
    gate = make_gate(1, 1, content_data=lesson_of(checkpoint(), reflection(), chart))
    make_gate(1, 2, requires=[gate])
    return {name: _walk(name, *enter(gate)) for name, enter in CAST.items()}


def _walk(name: str, browser: Quick, arrival: str) -> Visitor:
    """From every address of theirs, and from there wherever a link leads."""
    visitor, seen, counted = Visitor(name, browser, [], []), set[str](), Counter[str]()
    waiting = [*(_admin_pages() if name == "staff" else _own_addresses()), arrival]
    while waiting:
        path = waiting.pop()
        if path in seen or counted[route_of(path)] >= AT_MOST.get(name, 3) or path.endswith("/history/"):
            continue
        seen.add(path)
        found, links = _open(browser, path)
        waiting += [link for link in links if name != "staff" or route_of(link).startswith("admin:")]
        if found or links:
            counted[route_of(path)] += 1
            visitor.pages.append(path)
            visitor.forms += [form for form in found if form.route]
    visitor.forms = list({(form.route, *form.fields): form for form in visitor.forms}.values())
    return visitor


def _own_addresses() -> list[str]:
    return [one.path for one in addresses() if not one.name.startswith("admin:")]


def _open(browser: Quick, path: str) -> tuple[list[Form], list[str]]:
    """The forms and the links of a page; where it leads on instead, the link."""
    response = browser.once("GET", path)
    if response.status_code == 302:
        return [], [urlsplit(response.headers["Location"]).path]
    if response.status_code != 200 or not response.headers["Content-Type"].startswith("text/html"):
        return [], []
    page = Page(path, response.content.decode())
    return page.forms, page.links


def _admin_pages() -> list[str]:
    """The pages of one row of every model that can be edited; the lists link to the rest."""
    found = []
    for model, edited in admin.site._registry.items():
        label, row = f"admin:{model._meta.app_label}_{model._meta.model_name}", ROWS[model]()
        if not isinstance(edited, ReadOnlyAdmin):
            found += [reverse(f"{label}_{page}", args=[row.pk]) for page in ("change", "delete")]
    # A row of a gate takes the levels of the others out of use.
    Level.objects.update(is_active=True)
    return found
