"""Who may sign in and stay signed in."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from accounts.models import User


class EmailBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's sign-in by e-mail; a suspended person neither gets in nor stays in."""

    def get_user(self, user_id: Any) -> User | None:
        # With the profile: every page shows its flame and its time zone.
        user = User.objects.select_related("profile").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def user_can_authenticate(self, user: User) -> bool:
        return bool(super().user_can_authenticate(user)) and not user.is_suspended()


def signed_in(request: HttpRequest) -> User:
    """The person who asks; LoginRequiredMiddleware let nobody else through to the view."""
    assert isinstance(request.user, User)  # noqa: S101
    return request.user
