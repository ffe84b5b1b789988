"""People."""

import datetime as dt
from typing import Any

import factory
from allauth.account.models import EmailAddress

from accounts.models import User, UserProfile

PASSWORD = "correct-horse-battery"
LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A person who confirmed their address and accepted the terms. `profile_fields` go to the profile."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    terms_accepted_at = LONG_AGO
    email_confirmed_at = LONG_AGO

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        user = model_class.objects.create_user(password=PASSWORD, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return user

    @factory.post_generation
    def profile_fields(self: User, create: bool, extracted: dict[str, Any] | None, **kwargs: Any) -> None:
        # The database made the profile with the person.
        UserProfile.objects.filter(pk=self.pk).update(**({"full_name": "Somebody"} | (extracted or {})))
        self.refresh_from_db()


class StaffFactory(UserFactory):
    is_staff = True
    is_superuser = True
