"""The person who signs in: table `users`, the schema's `auth.users` held by Django and django-allauth."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dracarys.db import columns


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> "User":
        # `iexact` compiles to UPPER and would miss the index on lower(email).
        return self.annotate(folded=Lower("email")).get(folded=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person, known by e-mail; or a guest, who has none yet.

    Guests carry a placeholder address under `.invalid` that is never mailed. All times are UTC.
    """

    id = columns.uuid_key()
    email = models.EmailField(_("e-mail address"), unique=True)
    password = models.CharField(_("password"), max_length=128, blank=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    phone = models.TextField(null=True, blank=True)
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)
    raw_app_meta_data = models.JSONField(default=dict, db_default={}, blank=True)
    raw_user_meta_data = models.JSONField(default=dict, db_default={}, blank=True)
    is_staff = models.BooleanField(_("staff"), default=False, db_default=False)
    is_active = models.BooleanField(_("active"), default=True, db_default=True)
    is_superuser = models.BooleanField(_("superuser"), default=False, db_default=False)
    is_sso_user = models.BooleanField(default=False, db_default=False, editable=False)
    # A field called is_anonymous would override Django's own property.
    is_guest = models.BooleanField(
        _("guest"), default=False, db_default=False, db_column="is_anonymous", editable=False
    )
    banned_until = models.DateTimeField(_("suspended until"), null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True, blank=True, editable=False)
    created_at = columns.created_at()
    updated_at = columns.updated_at()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "users"
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="uq_users_email_lower"),
            models.CheckConstraint(
                condition=models.Q(is_guest=False) | models.Q(email__endswith=".invalid"),
                name="ck_users_is_anonymous_has_placeholder_email",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    def is_suspended(self, at: datetime | None = None) -> bool:
        """Whether staff suspended this person at the instant `at` (UTC; now by default)."""
        return self.banned_until is not None and self.banned_until > (at or timezone.now())

    def get_full_name(self) -> str:
        return self.profile.full_name or ""

    def get_short_name(self) -> str:
        return self.get_full_name().split(" ")[0]
