"""Grading past attempts again: ordered by staff, carried out by a job, learner by learner."""

import datetime as dt
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dracarys.db.acting import acting_as_service
from gamification import ledger, rewards
from learning import access, progress
from learning.models import (
    WIDE,
    WIDE_OF_LESSON,
    Attempt,
    AttemptState,
    Lesson,
    LessonVersion,
    Regrading,
    RegradingKind,
    RegradingMode,
)
from learning.workshop import marks, rewriting, settling, sheets
from learning.workshop.marks import Anew, Basis, Json, Settled
from learning.workshop.rewriting import Topics

logger = logging.getLogger(__name__)
# What the author may choose besides the modes: past results stay as they are.
LEAVE = "leave"
LEARNERS_AT_A_TIME = 500
WIDE_OF_OTHERS = (*WIDE_OF_LESSON, *(f"version__{column}" for column in WIDE))


@dataclass(slots=True)
class Run:
    """One run of the job: by what it grades, whom it could not regrade, and at whom it is.

    `stuck` are regradings of which only learners are left whom it could not.
    """

    bases: dict[uuid.UUID, tuple[Basis, Topics]] = field(default_factory=dict)
    stuck: set[uuid.UUID] = field(default_factory=set)
    failed: set[uuid.UUID] = field(default_factory=set)
    at_learner: uuid.UUID | None = None
    learners: int = 0

    def leave(self) -> None:
        """At nobody now."""
        self.at_learner = None


def request(
    lesson: Lesson, *, version: LessonVersion, mode: str, words: str, by: uuid.UUID
) -> Regrading | None:
    """Order that what was begun with older versions is graded by `version`; None for `leave`.

    Belongs into the transaction that publishes the version. Acts as the service.
    """
    if mode == LEAVE:
        return None
    return Regrading.objects.create(
        lesson=lesson,
        kind=RegradingKind.VERSION,
        version=version,
        mode=RegradingMode(mode),
        words=words,
        requested_by_id=by,
    )


def work(*, at: dt.datetime, at_most: int = LEARNERS_AT_A_TIME) -> int:
    """Carry out what is ordered, at `at` (UTC), each learner in a transaction; how many learners.

    Killed or run twice at once it does nothing twice: every attempt says which regrading looked at it last.
    A learner who cannot be regraded is logged, passed over, and tried again by the next run.
    """
    run = Run()
    while run.learners < at_most:
        run.leave()
        try:
            with acting_as_service():
                if not _step(run, at):
                    break
        except Exception:
            if run.at_learner is None:
                raise
            logger.exception("could not regrade a learner", extra={"user_id": str(run.at_learner)})
            run.failed.add(run.at_learner)
    return run.learners


def _step(run: Run, at: dt.datetime) -> bool:
    """One learner more, or one regrading finished; False when there is nothing to do."""
    regrading = _waiting(run) or _late(run)
    if regrading is None:
        return False
    rows = sheets.touched_by(regrading).order_by("user_id")
    user_id = rows.exclude(user_id__in=run.failed).values_list("user_id", flat=True).first()
    if user_id is None:
        return _finished(run, regrading, at)
    run.at_learner = user_id
    if regrading.pk not in run.bases:
        run.bases[regrading.pk] = sheets.basis_of(regrading), sheets.topics_of(regrading.lesson_id)
    _regrade(regrading, *run.bases[regrading.pk], user_id, at)
    run.learners += 1
    return True


# --- What is to be done ---------------------------------------------------------------------------------


def _waiting(run: Run) -> Regrading | None:
    """The oldest that is not finished, those of a gate one after the other, and no other job is at."""
    waiting = Regrading.objects.filter(finished_at__isnull=True)
    sooner = waiting.filter(lesson_id=OuterRef("lesson_id")).filter(
        Q(requested_at__lt=OuterRef("requested_at"))
        | Q(requested_at=OuterRef("requested_at"), pk__lt=OuterRef("pk"))
    )
    rows = waiting.filter(~Exists(sooner)).exclude(pk__in=run.stuck).order_by("requested_at", "pk")
    return _locked(rows)


def _late(run: Run) -> Regrading | None:
    """The regrading of attempts with an older version that were handed in when it was finished."""
    late = Attempt.objects.filter(
        state=AttemptState.SUBMITTED,
        regraded_by__isnull=True,
        version__lesson__regradings__version__number__gt=F("version__number"),
    ).exclude(user_id__in=run.failed)
    lesson_id = late.values_list("lesson_id", flat=True).first()
    if lesson_id is None:
        return None
    rows = Regrading.objects.filter(lesson_id=lesson_id, kind=RegradingKind.VERSION)
    return _locked(rows.order_by("-version__number", "-requested_at", "pk"))


def _locked(rows: QuerySet[Regrading]) -> Regrading | None:
    """The first that no other job is at, locked."""
    rows = rows.select_related("lesson", "version").defer(*WIDE_OF_OTHERS)
    return rows.select_for_update(skip_locked=True, of=("self",)).first()


def _finished(run: Run, regrading: Regrading, at: dt.datetime) -> bool:
    """Nobody is left whom this run can regrade: note it, unless somebody is just handing in."""
    if regrading.finished_at:
        return False
    _wait_for_submits(regrading)
    left = sheets.touched_by(regrading)
    if left.exclude(user_id__in=run.failed).exists():
        return True
    if left.exists():
        run.stuck.add(regrading.pk)
        return True
    Regrading.objects.filter(pk=regrading.pk).update(finished_at=at)
    return True


def _wait_for_submits(regrading: Regrading) -> None:
    """A submit that began before a question was voided does not know it; it holds its attempt until its end.

    One by an older version needs no waiting: it is found afterwards, by `_late`.
    """
    if regrading.kind == RegradingKind.VERSION:
        return
    asked = {"questions": [{"id": regrading.question}]}
    sitting = Attempt.objects.filter(
        lesson_id=regrading.lesson_id, state=AttemptState.OPEN, paper__contains=asked
    )
    list(sitting.select_for_update().order_by("pk").values_list("pk"))


# --- One learner ----------------------------------------------------------------------------------------


def _regrade(regrading: Regrading, basis: Basis, topics: Topics, user_id: uuid.UUID, at: dt.datetime) -> None:
    """All attempts of one learner. Locks as a submit does: attempts, progress, profile."""
    lesson, mode = regrading.lesson, RegradingMode(regrading.mode)
    mine = Attempt.objects.filter(lesson=lesson, user_id=user_id, state=AttemptState.SUBMITTED)
    list(mine.select_for_update().order_by("number").values_list("pk"))
    row = progress.locked_row(user_id, lesson)
    ledger.lock(user_id)
    found = sheets.sheets_of(lesson.pk, [user_id])[user_id]
    standing = sheets.standings_of(lesson, [user_id])[user_id]
    anew = marks.fold(found, [marks.graded(sheet, basis) for sheet in found], basis, mode)
    settled = marks.settle(anew, standing, mode, lesson.xp_reward)
    gift = _gift(regrading, anew, settled, user_id, at)
    rewriting.attempts(regrading, anew, basis=basis, topics=topics, gift=gift, at=at)
    rewriting.standing(row, settled, at)
    Regrading.objects.filter(pk=regrading.pk).update(
        learners=F("learners") + 1,
        attempts_changed=F("attempts_changed") + sum(one.has_changed for one in anew),
        passes_gained=F("passes_gained") + int(settled.gained),
        passes_lost=F("passes_lost") + int(settled.lost),
        xp=F("xp") + (gift[1]["xp"] if gift else 0),
    )


def _gift(
    regrading: Regrading, anew: Sequence[Anew], settled: Settled, user_id: uuid.UUID, at: dt.datetime
) -> tuple[Anew, Json] | None:
    """Pay, take back and unlock; with which attempt it is told, and what it was. None for nothing."""
    lesson = regrading.lesson
    before = access.access_of(user_id) if settled.gained else None
    awards = settling.awards_of(regrading.pk, lesson, anew, settled)
    deeds = settling.deeds_of(lesson, anew, settled, before)
    if not awards and not deeds:
        return None
    cause = settling.cause_of(anew, settled)
    granted = rewards.settle(
        user_id=user_id,
        deeds=deeds,
        awards=awards,
        cause_id=cause.sheet.attempt_id,
        done_at=cause.sheet.submitted_at,
        at=at,
    )
    opened = settling.opened(lesson, settled, before) if before else []
    return cause, rewriting.gift_of(granted, opened)
