"""The mail server is gone, hangs or refuses: nobody notices but the one who waits for the mail."""

import datetime as dt
import threading
import uuid
from collections.abc import Iterator

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts import outbox
from accounts.models import OutboxMessage
from tests.faults.post_office import GREETING, HANG_UP, MANNERS, SILENCE, TAKES_IT, PostOffice
from tests.figures import note

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
# Before the server knows for whom a mail is it can only be rude to everybody.
ABOUT_ONE = [name for name, steps in MANNERS.items() if not steps.keys() & {GREETING, b"MAIL"}]


@pytest.fixture
def office(settings: Settings) -> Iterator[PostOffice]:
    with PostOffice() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 0.2
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def somebody() -> str:
    return f"{uuid.uuid4().hex}@example.org"


def queue(*addresses: str) -> None:
    """Mail to each, due in this order."""
    for place, address in enumerate(addresses):
        outbox.queue_mail(EmailMessage("Subject", "Text", "us@example.org", [address]), kind="test")
        due = timezone.now() - dt.timedelta(hours=1) + place * SECOND
        OutboxMessage.objects.filter(recipient=address).update(due_at=due)


def row_of(address: str) -> OutboxMessage:
    return OutboxMessage.objects.get(recipient=address)


def sign_up(client: Client, address: str) -> str:
    """Join; the text of the page that comes then."""
    page = client.post("/accounts/signup/", {"email": address, "password1": "a-dragon-at-dusk"}, follow=True)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize("manner", MANNERS)
def test_who_joins_gets_the_mail_when_the_server_behaves_again(
    client: Client, office: PostOffice, manner: str
) -> None:
    address = somebody()
    assert f"A code is on its way to <strong>{address}</strong>" in sign_up(client, address)
    office.manner = MANNERS[manner]
    now = timezone.now() + SECOND
    assert outbox.send_due(now=now) == 0
    row = row_of(address)
    assert (row.attempts, row.sent_at, row.gave_up_at) == (1, None, None)
    assert row.due_at == now + outbox.RETRY_AFTER[0]
    assert row.last_error.startswith(("SMTP", "Timeout", "Connection"))
    office.manner = {}
    assert outbox.send_due(now=row.due_at) == 1
    copies = office.copies(address)
    # Nobody can know whether a letter was taken when no answer came; its readers can.
    assert len(copies) == (2 if manner in TAKES_IT else 1)
    assert set(copies) == {f"<{row.pk}@dracarys.invalid>"}
    note("faults: ways in which the mail server failed", 1)
    note("faults: mails lost", 0, limit="0")
    note("faults: mails sent twice, though the server had said what became of the first", 0, limit="0")


def test_a_server_that_is_not_there(client: Client, office: PostOffice, settings: Settings) -> None:
    address = somebody()
    settings.EMAIL_PORT = 1
    sign_up(client, address)
    now = timezone.now() + SECOND
    assert outbox.send_due(now=now) == 0
    assert row_of(address).last_error.startswith("ConnectionRefusedError")
    settings.EMAIL_PORT = office.port
    assert outbox.send_due(now=row_of(address).due_at) == 1
    assert len(office.copies(address)) == 1


@pytest.mark.parametrize("manner", ABOUT_ONE)
def test_a_mail_that_never_gets_through_holds_the_others_up_by_one_run_at_most(
    office: PostOffice, manner: str
) -> None:
    poison, others = f"poison-{somebody()}", [somebody() for _ in range(3)]
    queue(poison, *others)
    office.manner, office.only_for = MANNERS[manner], "poison"
    sent = outbox.send_due(now=timezone.now()) + outbox.send_due(now=timezone.now())
    assert sent == len(others)
    assert [len(office.copies(address)) for address in others] == [1, 1, 1]
    assert row_of(poison).attempts == 1


def test_a_server_that_hangs_is_asked_once_a_run(office: PostOffice) -> None:
    """Ten seconds for every waiting mail would be a run without an end."""
    waiting = [somebody() for _ in range(3)]
    queue(*waiting)
    office.manner = {GREETING: SILENCE}
    assert outbox.send_due(now=timezone.now()) == 0
    assert [row_of(address).attempts for address in waiting] == [1, 0, 0]


def test_what_does_not_leave_is_given_up_in_sight_of_staff_who_can_have_it_tried_again(
    as_sol: Client, office: PostOffice
) -> None:
    address = somebody()
    queue(address)
    office.manner = MANNERS["knows nobody of that name"]
    for _ in range(1 + len(outbox.RETRY_AFTER)):
        assert outbox.send_due(now=row_of(address).due_at) == 0
    row = row_of(address)
    assert row.gave_up_at
    page = as_sol.get("/admin/accounts/outboxmessage/?gave_up_at__isempty=0").content.decode()
    assert address in page
    assert "no such box" in page
    office.manner = {}
    form = {"action": "try_again", "_selected_action": [str(row.pk)]}
    as_sol.post("/admin/accounts/outboxmessage/", form)
    assert outbox.send_due(now=timezone.now() + SECOND) == 1
    assert len(office.copies(address)) == 1


class Deadly(BaseEmailBackend):
    """Ends the process that sends, as a lack of memory would."""

    def send_messages(self, messages: object) -> int:
        raise SystemExit


def test_a_mail_of_which_workers_die_is_given_up_too_and_the_others_leave(
    office: PostOffice, settings: Settings
) -> None:
    poison, other = somebody(), somebody()
    queue(poison, other)
    well, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, f"{__name__}.Deadly"
    for _ in range(1 + len(outbox.RETRY_AFTER)):
        with pytest.raises(SystemExit):
            outbox.send_due(now=row_of(poison).due_at)
        OutboxMessage.objects.filter(recipient=other).update(
            attempts=0, due_at=row_of(poison).due_at + SECOND
        )
    settings.EMAIL_BACKEND = well
    assert outbox.send_due(now=row_of(other).due_at) == 1
    assert row_of(poison).gave_up_at
    assert row_of(poison).last_error.startswith("Abandoned")
    assert office.copies(poison) == []


class TimesUp(BaseEmailBackend):
    """The task's time is over while a server drips."""

    def send_messages(self, messages: object) -> int:
        raise SoftTimeLimitExceeded


def test_a_run_whose_time_is_over_ends_and_the_mail_waits_its_turn(settings: Settings) -> None:
    first, second = somebody(), somebody()
    queue(first, second)
    settings.EMAIL_BACKEND = f"{__name__}.TimesUp"
    assert outbox.send_due(now=timezone.now()) == 0
    assert [row_of(first).attempts, row_of(second).attempts] == [1, 0]
    assert row_of(first).due_at > timezone.now()


def test_while_a_mail_is_sent_no_other_worker_takes_it(office: PostOffice) -> None:
    from accounts.tasks import drain_outbox

    assert outbox.LEASE.total_seconds() > drain_outbox.time_limit
    assert outbox.RUN_SECONDS < drain_outbox.soft_time_limit < drain_outbox.time_limit
    address = somebody()
    queue(address)
    office.manner = {GREETING: HANG_UP}
    now = timezone.now()
    claim = outbox._claim(now)
    assert claim
    assert outbox.send_due(now=now + outbox.LEASE - SECOND) == 0
    assert row_of(address).attempts == 1
    office.manner = {}
    assert outbox.send_due(now=now + outbox.LEASE) == 1
