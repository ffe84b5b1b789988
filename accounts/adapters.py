"""Where django-allauth meets this project; instead of signals."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.contrib.sites.shortcuts import get_current_site
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import outbox, people
from accounts.activity_log import Device
from accounts.models import User

# A session id of our own, made at sign-in: Django's key is a credential and belongs in no log.
SESSION_ID = "activity_session_id"


def device_of(request: HttpRequest) -> Device:
    """From where this request comes; the address is believed behind as many proxies as the settings name."""
    known = request.session.get(SESSION_ID)
    return Device(
        session_id=uuid.UUID(known) if known else None,
        ip_address=AccountAdapter(request).get_client_ip(request),
        user_agent=request.headers.get("User-Agent", ""),
    )


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed for now"),
        "email_password_mismatch": _("This email address and password do not belong together"),
        "enter_current_password": _("Enter your current password"),
        "incorrect_code": _("This is not the code that we sent last"),
        "incorrect_password": _("This is not your current password"),
        "too_many_login_attempts": _("Too many failed tries. Wait a few minutes, then try again."),
    }

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
