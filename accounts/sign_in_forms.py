"""django-allauth's forms with our words for what is missing: they say what to do."""

from typing import Any, ClassVar

from allauth.account import forms as allauth_forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class _SaysWhatIsMissing:
    """Words for empty or malformed fields, by name."""

    required: ClassVar[dict[str, Any]] = {
        "login": _("Enter your email address"),
        "email": _("Enter your email address"),
        "password": _("Enter your password"),
        "password1": _("Choose a password"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            if name in self.required:
                field.error_messages["required"] = self.required[name]


class LoginForm(_SaysWhatIsMissing, allauth_forms.LoginForm):  # type: ignore[misc]
    pass


class SignupForm(_SaysWhatIsMissing, allauth_forms.SignupForm):  # type: ignore[misc]
    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """As allauth's; of two who sign up with one address at once, the later one finds it taken."""
        try:
            with transaction.atomic():
                return super().try_save(request)  # type: ignore[no-any-return]
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)  # type: ignore[no-any-return]


class ResetPasswordForm(_SaysWhatIsMissing, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    pass
