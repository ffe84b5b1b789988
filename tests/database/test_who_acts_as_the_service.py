"""The pages that act as the service are these; a new one is added here on purpose."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from accounts.models import User
from dracarys.db import middleware
from dracarys.db.acting import ANON, SERVICE, person
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory

PAGES = {
    "account_change_password",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "account_signup",
}


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from names(pattern, inner)


def test_the_prefixes_and_namespaces_are_these() -> None:
    assert middleware.SERVICE_PREFIXES == ("account_",)
    assert set(middleware.STAFF_NAMESPACES) == {"admin"}


def test_the_pages_of_the_site_that_act_as_the_service_are_these() -> None:
    found = {name for name in names(get_resolver()) if name.startswith(middleware.SERVICE_PREFIXES)}
    assert found == PAGES


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "who", "acts"),
    [
        ("/accounts/login/", "visitor", "service"),
        ("/accounts/password/change/", "learner", "service"),
        ("/admin/", "visitor", "anon"),
        ("/admin/", "learner", "person"),
        ("/admin/accounts/user/", "staff", "service"),
        ("/dashboard/", "staff", "person"),
        ("/me/", "learner", "person"),
        ("/path/", "visitor", "anon"),
        ("/no/such/page/", "visitor", "anon"),
        ("/no/such/page/", "staff", "person"),
    ],
)
def test_the_address_and_the_person_decide_who_acts(
    ash: User, sol: User, client: Client, path: str, who: str, acts: str
) -> None:
    user = {"learner": ash, "staff": sol}.get(who)
    browser = signed_in(user) if user else client
    request = browser.get(path).wsgi_request
    expected = {"service": SERVICE, "anon": ANON, "person": person(user.pk) if user else ANON}
    assert middleware.actor_of(request) == expected[acts]


@pytest.mark.django_db
def test_a_staff_member_who_was_dismissed_does_not_act_as_the_service() -> None:
    former = UserFactory.create(is_staff=False, is_superuser=True)
    request = signed_in(former).get("/admin/").wsgi_request
    assert middleware.actor_of(request) == person(former.pk)
