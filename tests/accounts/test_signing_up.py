"""From the sign-up form to the dashboard."""

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import outbox
from accounts.models import OutboxMessage, User, UserProfile
from tests.accounts.mails import code_in, mail_to, text_of
from tests.conftest import signed_in
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db
NEW = "ember@example.org"
SECRET = "a-dragon-at-dusk"
ANSWERS = {
    "full_name": "Ember",
    "timezone": "Europe/Berlin",
    "trading_experience": "intermediate",
    "trading_goals": ["risk", "plan"],
    "accept_terms": "on",
}


def sign_up(client: Client, email: str = NEW) -> None:
    response = client.post("/accounts/signup/", {"email": email, "password1": SECRET})
    assert response.headers["Location"] == "/accounts/confirm-email/"


def confirmed(client: Client) -> User:
    sign_up(client)
    client.post("/accounts/confirm-email/", {"code": code_in(text_of(mail_to(NEW)))})
    return User.objects.get(email=NEW)


def test_the_request_only_writes_the_mail_and_the_worker_sends_it(client: Client) -> None:
    sign_up(client)
    code = code_in(text_of(mail_to(NEW)))
    assert mail.outbox == []
    assert outbox.send_due(now=timezone.now()) == 1
    (sent,) = mail.outbox
    assert sent.to == [NEW]
    assert code in sent.body
    assert outbox.send_due(now=timezone.now()) == 0


def test_a_person_and_their_mail_come_or_go_together(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    client.raise_request_exception = False
    monkeypatch.setattr(outbox, "queue_mail", broken)
    assert client.post("/accounts/signup/", {"email": NEW, "password1": SECRET}).status_code == 500
    assert not User.objects.filter(email=NEW).exists()


def test_the_code_confirms_the_address_and_signs_in(client: Client) -> None:
    before = timezone.now()
    sign_up(client)
    assert User.objects.get(email=NEW).email_confirmed_at is None
    assert client.get("/dashboard/").status_code == 302
    code = code_in(text_of(mail_to(NEW)))
    response = client.post("/accounts/confirm-email/", {"code": code.lower()})
    assert response.headers["Location"] == "/dashboard/"
    found = User.objects.get(email=NEW)
    assert found.email_confirmed_at
    assert found.email_confirmed_at >= before
    assert client.get("/dashboard/").headers["Location"] == "/me/welcome/"


def test_a_wrong_code_says_so_and_confirms_nothing(client: Client) -> None:
    sign_up(client)
    response = client.post("/accounts/confirm-email/", {"code": "AAAAAA"})
    assert "Error:" in response.content.decode()
    assert User.objects.get(email=NEW).email_confirmed_at is None


def test_codes_cannot_be_guessed_one_after_the_other(client: Client) -> None:
    sign_up(client)
    code = code_in(text_of(mail_to(NEW)))
    for _ in range(5):
        client.post("/accounts/confirm-email/", {"code": "AAAAAA"})
    client.post("/accounts/confirm-email/", {"code": code})
    assert User.objects.get(email=NEW).email_confirmed_at is None
    assert client.get("/dashboard/").headers["Location"].startswith("/accounts/login/")


def test_a_new_code_can_be_asked_for(client: Client) -> None:
    sign_up(client)
    first = mail_to(NEW)
    client.post("/accounts/confirm-email/", {"action": "resend"})
    second = OutboxMessage.objects.exclude(pk=first.pk).get(recipient=NEW)
    client.post("/accounts/confirm-email/", {"code": code_in(text_of(second))})
    assert User.objects.get(email=NEW).email_confirmed_at is not None


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Qx7!Qx7!", "at least 10 characters"),
        ("1234567890", "entirely numeric"),
        ("password123", "too common"),
    ],
)
def test_a_weak_password_is_refused_and_the_address_kept(client: Client, password: str, why: str) -> None:
    page = client.post("/accounts/signup/", {"email": NEW, "password1": password}).content.decode()
    assert why in page
    assert f'value="{NEW}"' in page
    assert password not in page
    assert not User.objects.filter(email=NEW).exists()


@pytest.mark.parametrize("page", ["/dashboard/", "/path/", "/leaderboards/weekly/", "/me/", "/achievements/"])
def test_the_welcome_page_comes_before_every_other(client: Client, page: str) -> None:
    confirmed(client)
    assert client.get(page).headers["Location"] == "/me/welcome/"
    assert client.get("/terms/").status_code == 200
    assert client.get("/me/welcome/").status_code == 200


def test_nothing_can_be_done_past_the_welcome_page(client: Client) -> None:
    person = confirmed(client)
    answers = {**ANSWERS, "bio": "x", "preferred_language": "en"}
    assert client.post("/me/", answers).headers["Location"] == "/me/welcome/"
    assert UserProfile.objects.get(pk=person.pk).full_name is None


def test_welcome_keeps_the_answers_and_comes_once(client: Client) -> None:
    person = confirmed(client)
    before = timezone.now()
    assert client.post("/me/welcome/", ANSWERS).headers["Location"] == "/dashboard/"
    person.refresh_from_db()
    profile = person.profile
    assert person.terms_accepted_at
    assert person.terms_accepted_at >= before
    assert (profile.full_name, profile.timezone) == ("Ember", "Europe/Berlin")
    assert (profile.trading_experience, profile.trading_goals) == ("intermediate", ["risk", "plan"])
    assert "Welcome, Ember" in client.get("/dashboard/").content.decode()
    assert client.get("/me/welcome/").headers["Location"] == "/dashboard/"
    client.post("/me/welcome/", {**ANSWERS, "full_name": "Other"})
    profile.refresh_from_db()
    assert profile.full_name == "Ember"


@pytest.mark.parametrize(
    ("left_out", "sentence"),
    [
        ("accept_terms", "Accept the terms to go on"),
        ("full_name", "Enter the name that others may see"),
        ("timezone", "Choose your time zone"),
        ("trading_experience", "Choose how much you have traded"),
    ],
)
def test_what_is_left_out_on_welcome_is_asked_for_and_the_rest_kept(
    client: Client, left_out: str, sentence: str
) -> None:
    person = confirmed(client)
    response = client.post("/me/welcome/", {k: v for k, v in ANSWERS.items() if k != left_out})
    page = response.content.decode()
    assert response.status_code == 422
    assert sentence in page
    assert ('value="Ember"' in page) == (left_out != "full_name")
    person.refresh_from_db()
    assert person.terms_accepted_at is None


def test_staff_made_on_the_command_line_reach_the_admin_first(client: Client) -> None:
    staff = UserFactory.create(is_staff=True, is_superuser=True, terms_accepted_at=None)
    client.force_login(staff)
    assert client.get("/admin/").status_code == 200
    assert client.get("/dashboard/").headers["Location"] == "/me/welcome/"


def test_a_learner_who_has_not_accepted_does_not_reach_the_admin() -> None:
    learner = UserFactory.create(terms_accepted_at=None)
    assert signed_in(learner).get("/admin/").headers["Location"] == "/me/welcome/"
