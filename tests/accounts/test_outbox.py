"""The outbox: tried again with growing waits, wiped after sending, forgotten after a month."""

import datetime as dt

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import outbox
from accounts.models import OutboxMessage, User
from accounts.tasks import drain_outbox, forget_sent_mail

pytestmark = pytest.mark.django_db


class BrokenBackend(BaseEmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, messages: object) -> int:
        raise ConnectionRefusedError("no route to the mail server")


class PickyBackend(BaseEmailBackend):
    """A mail server that refuses one address and takes the rest."""

    def send_messages(self, messages: list[EmailMultiAlternatives]) -> int:  # type: ignore[override]
        for message in messages:
            if message.to == ["bad@example.org"]:
                raise ValueError("mailbox full")
            mail.outbox.append(message)
        return len(messages)


@pytest.fixture
def no_mail_server(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenBackend"


def queue(address: str = "ash@example.org", text: str = "Your code is 123") -> OutboxMessage:
    message = EmailMultiAlternatives("Subject", text, "us@example.org", [address], headers={"X-Kind": "t"})
    message.attach_alternative(f"<p>{text}</p>", "text/html")
    outbox.queue_mail(message, kind="test")
    return OutboxMessage.objects.get(recipient=address)


def start_of(row: OutboxMessage) -> dt.datetime:
    """A moment at which the row is due; the database set its due time."""
    return row.due_at + dt.timedelta(seconds=1)


def test_the_mail_leaves_as_it_was_written() -> None:
    row = queue()
    assert drain_outbox() == 1
    (sent,) = mail.outbox
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.subject, sent.body, sent.to) == ("Subject", "Your code is 123", ["ash@example.org"])
    assert sent.from_email == "us@example.org"
    assert sent.extra_headers == {"X-Kind": "t", "Message-ID": f"<{row.pk}@example.org>"}
    assert [str(part[0]) for part in sent.alternatives] == ["<p>Your code is 123</p>"]


def test_what_was_sent_is_wiped_because_it_may_open_an_account() -> None:
    row = queue()
    drain_outbox()
    row.refresh_from_db()
    assert row.payload is None
    assert row.sent_at is not None
    assert (row.attempts, row.last_error) == (1, "")


@pytest.mark.usefixtures("no_mail_server")
def test_a_mail_is_tried_again_after_growing_waits_and_then_given_up() -> None:
    row = queue()
    now, waits = start_of(row), []
    for _ in outbox.RETRY_AFTER:
        assert outbox.send_due(now=now) == 0
        row.refresh_from_db()
        assert row.gave_up_at is None
        assert outbox.send_due(now=row.due_at - dt.timedelta(seconds=1)) == 0
        waits.append(row.due_at - now)
        now = row.due_at
    outbox.send_due(now=now)
    row.refresh_from_db()
    assert waits == list(outbox.RETRY_AFTER)
    assert waits == sorted(waits)
    assert row.attempts == len(waits) + 1
    assert row.gave_up_at == now
    assert row.last_error == "ConnectionRefusedError: no route to the mail server"
    assert row.payload is not None
    outbox.send_due(now=now + dt.timedelta(days=30))
    row.refresh_from_db()
    assert row.attempts == len(waits) + 1


@pytest.mark.usefixtures("no_mail_server")
def test_waiting_mail_leaves_once_the_server_is_back(settings: Settings) -> None:
    row = queue()
    outbox.send_due(now=start_of(row))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    row.refresh_from_db()
    assert outbox.send_due(now=row.due_at) == 1
    row.refresh_from_db()
    assert (row.attempts, row.last_error, row.payload) == (2, "", None)


def test_one_bad_address_holds_nobody_up(settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.PickyBackend"
    first, second, third = (queue(f"{name}@example.org") for name in ("a", "bad", "c"))
    assert outbox.send_due(now=start_of(third)) == 2
    assert [message.to for message in mail.outbox] == [[first.recipient], [third.recipient]]
    second.refresh_from_db()
    assert second.last_error == "ValueError: mailbox full"


def test_a_broken_row_is_not_the_end_of_the_others() -> None:
    broken, whole = queue("broken@example.org"), queue("whole@example.org")
    OutboxMessage.objects.filter(pk=broken.pk).update(payload={})
    assert outbox.send_due(now=start_of(whole)) == 1


def test_what_is_not_yet_due_waits() -> None:
    row = queue()
    assert outbox.send_due(now=row.due_at - dt.timedelta(seconds=1)) == 0
    assert mail.outbox == []


def test_one_run_sends_no_more_than_asked() -> None:
    rows = [queue(f"p{n}@example.org") for n in range(5)]
    assert outbox.send_due(now=start_of(rows[-1]), at_most=3) == 3
    assert outbox.send_due(now=start_of(rows[-1])) == 2


@pytest.mark.usefixtures("no_mail_server")
def test_a_failing_mail_server_fails_no_request(client: Client) -> None:
    form = {"email": "new@example.org", "password1": "a-dragon-at-dusk"}
    assert client.post("/accounts/signup/", form).status_code == 302
    assert OutboxMessage.objects.get().attempts == 0


def test_a_mail_goes_with_the_transaction_of_its_cause(ash: User) -> None:
    from django.db import transaction

    class Regret(Exception):
        pass

    def write_and_regret() -> None:
        with transaction.atomic():
            queue()
            raise Regret

    with pytest.raises(Regret):
        write_and_regret()
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_sent_mail_is_forgotten_after_a_month(days: int, left: int) -> None:
    row = queue()
    drain_outbox()
    OutboxMessage.objects.filter(pk=row.pk).update(sent_at=timezone.now() - dt.timedelta(days=days))
    forget_sent_mail()
    assert OutboxMessage.objects.count() == left


def test_mail_that_did_not_leave_is_never_forgotten() -> None:
    row = queue()
    long_ago = timezone.now() - dt.timedelta(days=400)
    OutboxMessage.objects.filter(pk=row.pk).update(created_at=long_ago, gave_up_at=long_ago)
    forget_sent_mail()
    assert OutboxMessage.objects.count() == 1


def test_staff_can_have_given_up_mail_tried_again(as_sol: Client) -> None:
    given_up, sent = queue("a@example.org"), queue("b@example.org")
    now = timezone.now()
    OutboxMessage.objects.filter(pk=given_up.pk).update(gave_up_at=now, attempts=7, due_at=now)
    OutboxMessage.objects.filter(pk=sent.pk).update(sent_at=now, payload=None, attempts=1)
    form = {"action": "try_again", "_selected_action": [str(given_up.pk), str(sent.pk)]}
    page = as_sol.post("/admin/accounts/outboxmessage/", form, follow=True).content.decode()
    assert "1 mail will be tried again." in page
    given_up.refresh_from_db()
    sent.refresh_from_db()
    assert (given_up.attempts, given_up.gave_up_at) == (0, None)
    assert sent.attempts == 1
    assert drain_outbox() == 1
    assert [message.to for message in mail.outbox] == [["a@example.org"]]


def test_the_admin_shows_mail_but_never_what_it_says(as_sol: Client) -> None:
    row = queue(text="CANARY-CODE")
    for path in ("/admin/accounts/outboxmessage/", f"/admin/accounts/outboxmessage/{row.pk}/change/"):
        page = as_sol.get(path).content.decode()
        assert "ash@example.org" in page
        assert "CANARY-CODE" not in page
    assert as_sol.get("/admin/accounts/outboxmessage/add/").status_code == 403
    assert as_sol.post(f"/admin/accounts/outboxmessage/{row.pk}/delete/", {"post": "yes"}).status_code == 403
