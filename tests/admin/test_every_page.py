"""Every page of the admin: for staff it answers, for a learner it does not exist, and it stays quick."""

import pytest
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from dracarys import urls
from dracarys.lib.read_only_admin import ReadOnlyAdmin
from learning.models import Report
from tests.admin.rows import ROWS

pytestmark = pytest.mark.django_db
# The site's addresses bring the last registrations with them.
SITE = admin.site if urls.urlpatterns else None
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label_lower)
EACH = pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label_lower)


def page(model: type[Model], name: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def test_every_registered_model_has_a_row_to_look_at() -> None:
    assert set(REGISTERED) == set(ROWS)


@EACH
def test_staff_can_list_search_look_and_see_the_history(as_sol: Client, model: type[Model]) -> None:
    row = ROWS[model]()
    listed = as_sol.get(page(model, "changelist"))
    assert listed.status_code == 200
    assert str(row.pk) in listed.content.decode()
    assert as_sol.get(page(model, "changelist"), {"q": "person"}).status_code == 200
    assert as_sol.get(page(model, "change", row.pk)).status_code == 200
    assert as_sol.get(page(model, "history", row.pk)).status_code == 200


@EACH
def test_staff_can_add_exactly_what_is_not_written_by_jobs(as_sol: Client, model: type[Model]) -> None:
    # A report is a learner's word: staff answer it, and nothing more.
    read_only = isinstance(admin.site._registry[model], ReadOnlyAdmin) or model is Report
    assert as_sol.get(page(model, "add")).status_code == (403 if read_only else 200)


@EACH
def test_what_jobs_write_cannot_be_changed_or_deleted_by_hand(as_sol: Client, model: type[Model]) -> None:
    if not isinstance(admin.site._registry[model], ReadOnlyAdmin):
        return
    row = ROWS[model]()
    assert as_sol.post(page(model, "change", row.pk), {"anything": "x"}).status_code == 403
    assert as_sol.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=row.pk).exists()


@EACH
def test_a_learner_and_a_visitor_are_sent_away_from_every_page(
    as_ash: Client, client: Client, model: type[Model]
) -> None:
    row = ROWS[model]()
    pages = [page(model, "changelist"), page(model, "add")]
    pages += [page(model, name, row.pk) for name in ("change", "delete", "history")]
    for browser in (as_ash, client):
        for url in pages:
            response = browser.get(url)
            assert response.status_code == 302, url
            assert "/login/" in response.headers["Location"]


@EACH
def test_the_queries_of_a_list_do_not_grow_with_it(as_sol: Client, model: type[Model]) -> None:
    counts = []
    for more in (1, 19):
        for _ in range(more):
            ROWS[model]()
        # What a list counts once per process (content types) is not the list's.
        as_sol.get(page(model, "changelist"))
        with CaptureQueriesContext(connection) as captured:
            assert as_sol.get(page(model, "changelist")).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1], "\n".join(q["sql"][:200] for q in captured.captured_queries)


def test_the_front_page_lists_every_app(as_sol: Client) -> None:
    front = as_sol.get("/admin/").content.decode()
    for model in REGISTERED:
        assert page(model, "changelist") in front


def test_people_cannot_be_deleted(as_sol: Client, ash: User) -> None:
    assert as_sol.post(page(User, "delete", ash.pk), {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [str(ash.pk)], "post": "yes"}
    as_sol.post(page(User, "changelist"), chosen)
    assert User.objects.filter(pk=ash.pk).exists()


def test_the_payload_of_a_mail_is_never_shown(as_sol: Client) -> None:
    from accounts.models import OutboxMessage

    row = ROWS[OutboxMessage]()
    for url in (page(OutboxMessage, "changelist"), page(OutboxMessage, "change", row.pk)):
        shown = as_sol.get(url).content.decode()
        assert "a@example.org" in shown
        assert "SECRET-IN-THE-MAIL" not in shown


def test_staff_without_permissions_see_nothing(ash: User, as_ash: Client) -> None:
    User.objects.filter(pk=ash.pk).update(is_staff=True)
    assert as_ash.get("/admin/").status_code == 200
    for model in REGISTERED:
        assert as_ash.get(page(model, "changelist")).status_code == 403


def test_a_new_person_is_made_with_a_profile(as_sol: Client) -> None:
    form = {
        "email": "New@Example.org",
        "usable_password": "true",
        "password1": "correct-horse-battery",
        "password2": "correct-horse-battery",
    }
    assert as_sol.post(page(User, "add"), form).status_code == 302
    made = User.objects.get(email="new@example.org")
    assert made.check_password("correct-horse-battery")
    assert made.profile.total_xp == 0
