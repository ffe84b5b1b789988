"""What the form of each page sends, so complete that it would be done if it were let through."""

from typing import Any

from learning.models import Attempt
from tests.authorisation.cast import World
from tests.factories.accounts import PASSWORD
from tests.factories.learning import answers_to
from tests.site.addresses import Route

ABOUT = {
    "full_name": "Renamed",
    "timezone": "Europe/Berlin",
    "trading_experience": "beginner",
    "preferred_language": "en",
    "accept_terms": "on",
}
NEW = "another-dragon-1"
FORMS = {
    "theme": {"theme": "dark"},
    "accounts:profile": ABOUT,
    "accounts:welcome": ABOUT,
    "account_login": {"login": "learner@example.org", "password": PASSWORD},
    "account_signup": {"email": "new@example.org", "password1": NEW},
    "account_reset_password": {"email": "learner@example.org"},
    "account_email": {"action_add": "", "email": "new@example.org"},
    "account_change_password": {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    "account_reauthenticate": {"password": PASSWORD},
    "learning:bookmark": {"keep": "1"},
    "learning:note": {"text": "A note", "seen": ""},
    "learning:rate-block": {"stars": "4"},
    "learning:rate-question": {"stars": "4"},
    "learning:report-block": {"kind": "typo"},
    "learning:report-question": {"kind": "typo"},
    "admin:learning_lesson_publish": {"revision": "0", "words": "Said anew", "mode": "leave"},
    "admin:learning_lesson_regrade": {"words": "The key was wrong.", "mode": "raise"},
    "admin:learning_lesson_void": {"does": "void", "words": "Two answers are right.", "mode": "raise"},
    "admin:learning_lesson_workshop": {"do": "add:blocks", "blocks-kind": "prose"},
    "admin:learning_lesson_block": {"title": "Another", "markdown": "Words", "do": "save"},
    "admin:learning_lesson_question": {"prompt": "Why?", "do": "save"},
    "admin:learning_lesson_policy": {"pass_score": "50", "do": "save"},
    "admin:learning_lesson_shown": {"draft-part": "blocks", "draft-item": "block-1", "title": "Another"},
    "admin:password_change": {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW},
}
# The admin's pages of deletion want to be told so; any other page passes it over.
YES = {"post": "yes"}


def form_of(route: Route, values: dict[str, Any], world: World) -> dict[str, Any]:
    """The fields of the form of this page."""
    if "attempt_id" in values and route.name not in FORMS:
        return _answers(values, world)
    return FORMS.get(route.name, YES)


def _answers(values: dict[str, Any], world: World) -> dict[str, str]:
    """Every question answered right; for an attempt that is not there, somebody's answers."""
    found = Attempt.objects.select_related("version").filter(pk=values["attempt_id"]).first()
    return answers_to(found or world.attempt("learner", "own"))
