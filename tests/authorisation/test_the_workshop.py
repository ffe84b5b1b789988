"""What the admin does beside its pages: actions on its lists, and the look-ups of its forms."""

from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from tests.authorisation.admin_pages import REGISTERED
from tests.authorisation.cells import ROLES
from tests.authorisation.completeness import actions
from tests.authorisation.policy import POLICY
from tests.authorisation.trying import Answer, Trial
from tests.figures import note

pytestmark = pytest.mark.django_db
MODELS = {model._meta.label_lower: model for model in REGISTERED}
LOOK_UPS = [(model, name) for model in REGISTERED for name in admin.site._registry[model].autocomplete_fields]
CONFIRMATION = b"delete-selected-confirmation"


def may_act(role: str, label: str, action: str) -> bool:
    wanted = POLICY.actions.get(f"{label}: {action}", "delete")
    return role in POLICY.who["the staff"] and wanted != "nobody" and POLICY.may(role, wanted, label)


def act(trial: Trial, role: str, model: type[Model], action: str) -> Answer:
    """The action on a row of the list, the question whether one is sure already answered."""
    meta, row = model._meta, trial.world.rows[model]
    if action == "compute_statistics":
        row = trial.world.attempt("learner", "graded").lesson_id  # there is nothing to compute elsewhere
    form = {"action": action, "_selected_action": row, "post": "yes", "answer": "A word."}
    path = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return trial.ask(path, role=role, method="POST", form=form)


@pytest.mark.parametrize("action", actions())
def test_an_action_is_done_by_those_who_may_and_by_nobody_else(trial: Trial, action: str) -> None:
    label, _, name = action.partition(": ")
    for role in ROLES:
        answer = act(trial, role, MODELS[label], name)
        # What other rows hold on to is listed instead of deleted.
        done = bool(answer.touched) or CONFIRMATION in answer.body
        assert done == may_act(role, label, name), f"{action} as {role}: {answer.outcome} {answer.touched}"
    note("cells of the authorisation matrix tried", len(ROLES))


@pytest.mark.parametrize(("model", "field"), LOOK_UPS)
def test_a_look_up_shows_rows_to_those_who_may_see_them(trial: Trial, model: type[Model], field: str) -> None:
    meta: Any = model._meta
    asked = f"?app_label={meta.app_label}&model_name={meta.model_name}&field_name={field}&term=a"
    found = meta.get_field(field).related_model._meta.label_lower
    for role in ROLES:
        staff = role in POLICY.who["the staff"]
        allowed = "in" if staff and POLICY.may(role, "view", found) else "403"
        answer = trial.ask(reverse("admin:autocomplete") + asked, role=role)
        assert answer.outcome == (allowed if staff else POLICY.roles[role]), role
    note("cells of the authorisation matrix tried", len(ROLES))
