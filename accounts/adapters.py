"""Where django-allauth meets this project; instead of signals."""

import ipaddress
import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import outbox, people
from accounts.activity_log import Device
from accounts.models import User

# A session id of our own, made at sign-in: Django's key is a credential and belongs in no log.
SESSION_ID = "activity_session_id"
NO_ADDRESS = "0.0.0.0"  # noqa: S104  (nothing listens there; it is the key of a limit)


def device_of(request: HttpRequest) -> Device:
    """From where this request comes; the address is believed behind as many proxies as the settings name."""
    known = request.session.get(SESSION_ID)
    return Device(
        session_id=uuid.UUID(known) if known else None,
        ip_address=client_address(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


def client_address(request: HttpRequest) -> str | None:
    """The visitor's address: what the outermost of our proxies saw, else who is connected.

    Whoever reached us past some of the proxies sends fewer entries than there are proxies; then the first
    one was written by the first proxy that they did meet. None when nothing in it is an address.
    """
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    entries = request.headers.get("X-Forwarded-For", "").split(",")
    seen = entries[-min(proxies, len(entries))] if proxies else ""
    return _address(seen) or _address(request.META.get("REMOTE_ADDR", ""))


def _address(entry: str) -> str | None:
    """An IP address as PostgreSQL keeps it: without port, brackets and the zone of a network card."""
    entry = entry.strip()
    if entry.startswith("["):
        entry = entry[1:].partition("]")[0]
    elif entry.count(":") == 1:
        entry = entry.partition(":")[0]
    try:
        return str(ipaddress.ip_address(entry.partition("%")[0]))
    except ValueError:
        return None


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed for now"),
        "email_password_mismatch": _("This email address and password do not belong together"),
        "enter_current_password": _("Enter your current password"),
        "incorrect_code": _("This is not the code that we sent last"),
        "incorrect_password": _("This is not your current password"),
        "too_many_login_attempts": _("Too many failed tries. Wait a few minutes, then try again."),
    }

    def get_client_ip(self, request: HttpRequest) -> str:
        # allauth's own answers 500 to fewer entries than proxies. Whoever has no address shares one limit.
        return client_address(request) or NO_ADDRESS

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Into the outbox, in the request's transaction; the worker sends it."""
        request = allauth_context.request
        site = {"request": request, "email": email, "current_site": get_current_site(request)}
        message = self.render_mail(template_prefix, email, {**site, **context})
        outbox.queue_mail(message, kind=template_prefix.rsplit("/", 1)[-1])

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        confirmed = bool(super().confirm_email(request, email_address))
        if confirmed:
            people.address_confirmed(user_id=email_address.user_id, at=timezone.now())
        return confirmed

    def pre_login(self, request: HttpRequest, user: User | None, **kwargs: Any) -> HttpResponse | None:
        # allauth stops inactive people only; a suspended one would be signed in and then thrown out.
        if user is not None and user.is_suspended():
            return self.respond_user_inactive(request, user)  # type: ignore[no-any-return]
        return super().pre_login(request, user, **kwargs)  # type: ignore[no-any-return]

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        request.session[SESSION_ID] = str(uuid.uuid4())
        people.signed_in(user=user, device=device_of(request), at=timezone.now())
        return response
