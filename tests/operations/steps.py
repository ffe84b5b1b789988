"""What has no page yet, done as the role that will do it; and the jobs that beat starts."""

import random
from collections.abc import Callable

from django.core.mail import EmailMessage
from django.db import IntegrityError
from django.utils import timezone

from accounts import outbox
from community.models import Comment, Vote
from dracarys.db.acting import acting_as, acting_as_service, person
from gamification import leaderboards, streaks
from learning.models import Lesson
from learning.publishing import publish as publish_lesson
from sessions.models import SessionParticipant
from tests.database.rows import place_of, run
from tests.factories.learning import assessment, content
from tests.operations.turns import Turn

# The columns that a person may write.
COMMENT = "INSERT INTO community_comments (author_id, post_id, content) VALUES (%s, %s, 'A comment')"


def vote(turn: Turn, chance: random.Random) -> None:
    """A vote that is new, changed or taken back."""
    user, post = turn.learner.user, chance.choice(turn.world.posts)
    kind = chance.choice(("upvote", "downvote", ""))
    key = {"user": user, "target_type": "post", "target_id": post.pk}

    def do() -> bool:
        with acting_as(person(user.pk)):
            if not kind:
                Vote.objects.filter(**key).delete()
            elif not Vote.objects.filter(**key).update(vote_type=kind):
                Vote.objects.create(**key, vote_type=kind)
        return True

    turn.directly(lambda: _unless_taken(do), writes={("vote", user.pk, post.pk): kind})


def comment(turn: Turn, chance: random.Random) -> None:
    user, post = turn.learner.user, chance.choice(turn.world.posts)

    def do() -> bool:
        with acting_as(person(user.pk)):
            if chance.random() < 0.5:
                Comment.objects.filter(author=user, post=post).delete()
            else:
                run(COMMENT, [user.pk, post.pk])
        return True

    turn.directly(do)


def take_or_leave_a_seat(turn: Turn, chance: random.Random) -> None:
    user, meeting = turn.learner.user, chance.choice(turn.world.meetings)
    leaves = chance.random() < 0.4

    def do() -> bool:
        with acting_as_service():
            if leaves:
                SessionParticipant.objects.filter(user=user, session=meeting).delete()
            else:
                place_of(user, meeting)
        return True

    place = ("seat", user.pk, meeting.pk)
    turn.directly(lambda: _unless_taken(do), writes={place: "" if leaves else "taken"})


def tell_somebody(turn: Turn, chance: random.Random) -> None:
    address = f"mail{turn.number}@example.org"

    def do() -> bool:
        outbox.queue_mail(EmailMessage("Subject", "Body", to=[address]), kind="operation")
        return True

    turn.directly(do, writes={("mail", address): "queued"})


def publish(turn: Turn, chance: random.Random) -> None:
    gate = Lesson.objects.get(pk=chance.choice(turn.world.gates).pk)

    def do() -> bool:
        written = content()
        written["blocks"][0]["markdown"] = f"Text of operation {turn.number}."
        with acting_as_service():
            publish_lesson(gate, content_data=written, assessment_data=assessment())
        return True

    turn.directly(do)


def run_a_job(turn: Turn, chance: random.Random) -> None:
    jobs = (leaderboards.refresh_steps, leaderboards.close_periods, streaks.end_missed)

    def do() -> bool:
        with acting_as_service():
            chance.choice(jobs)(at=timezone.now())
        return True

    turn.directly(do)


def _unless_taken(do: Callable[[], bool]) -> bool:
    """Refused where the database says that it is taken."""
    try:
        return do()
    except IntegrityError:
        return False
