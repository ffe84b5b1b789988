"""Who may sign in and stay signed in."""

import uuid
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User, UserProfile
from dracarys.db.compiled import Row, Rows, columns_of, compiled, instance


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in by e-mail; a suspended person neither gets in nor stays in."""

    def get_user(self, user_id: Any) -> User | None:
        # With the profile: every page shows its flame and its time zone.
        user = next((_person(row) for row in _with_profile(user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User) -> bool:
        return bool(super().user_can_authenticate(user)) and not user.is_suspended()


@compiled
def _with_profile(user_id: uuid.UUID) -> Rows:
    columns = (*columns_of(User), *columns_of(UserProfile, "profile__"))
    rows: Rows = User.objects.filter(pk=user_id).values(*columns)
    return rows


def _person(row: Row) -> User:
    user = instance(User, row)
    if row["profile__user_id"] is not None:
        user.profile = instance(UserProfile, row, "profile__")
    return user


def signed_in(request: HttpRequest) -> User:
    """The person who asks; LoginRequiredMiddleware let nobody else through to the view."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
