"""What somebody's own answers tell them: how they do by topic, and how well they know what they know."""

import uuid
from dataclasses import dataclass
from math import isqrt

from django.db.models import Avg, Case, Count, F, FloatField, Q, Value, When
from django.db.models.functions import Cast

from learning.models import QuestionAnswer, Topic
from learning.rules import brier

# Fewer answers than this say more about chance than about anybody.
ENOUGH = 5
# The picture of the calibration, in units of its own: confidence to the right, what came true upwards.
SIDE = 200


@dataclass(frozen=True, slots=True)
class TopicLine:
    """One topic: how many questions were answered, and the mean credit in percent."""

    title: str
    answers: int
    percent: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """All answers given with one confidence (percent): how many, how many of them right (percent)."""

    confidence: int
    answers: int
    right: int

    @property
    def x(self) -> int:
        return self.confidence * SIDE // 100

    @property
    def y(self) -> int:
        return SIDE - self.right * SIDE // 100

    @property
    def radius(self) -> int:
        """Larger for more answers; an area tells numbers better than a length."""
        return min(12, 3 + isqrt(self.answers))


@dataclass(frozen=True, slots=True)
class Insights:
    """`score` is the mean Brier score, 0 at best; None while nobody was asked how sure they are."""

    topics: tuple[TopicLine, ...]
    calibration: tuple[Calibration, ...]
    score: float | None
    answers: int

    @property
    def enough(self) -> bool:
        return sum(line.answers for line in self.calibration) >= ENOUGH


def insights_of(user_id: uuid.UUID) -> Insights:
    """What a person's graded answers tell. Three queries, however many there are."""
    mine = QuestionAnswer.objects.filter(user_id=user_id)
    titles = dict(Topic.objects.values_list("code", "title"))
    by_topic = (
        mine.values("topic").annotate(n=Count("question"), mean=Avg("credit")).order_by("mean", "topic")
    )
    topics = tuple(
        TopicLine(titles.get(row["topic"], row["topic"]), row["n"], int(100 * row["mean"]))
        for row in by_topic
    )
    correct = Case(When(credit=1, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    sure = (
        mine.filter(Q(confidence__isnull=False))
        .values("confidence")
        .annotate(n=Count("question"), right=Avg(correct), said=Cast(F("confidence"), FloatField()))
        .order_by("confidence")
    )
    lines = [(row["confidence"], row["n"], row["right"]) for row in sure]
    return Insights(
        topics=topics,
        calibration=tuple(Calibration(said, n, round(100 * right)) for said, n, right in lines),
        score=_mean_brier(lines),
        answers=sum(line.answers for line in topics),
    )


def _mean_brier(lines: list[tuple[int, int, float]]) -> float | None:
    total = sum(n for _, n, _ in lines)
    if not total:
        return None
    lost = sum(
        n * (right * brier(said, correct=True) + (1 - right) * brier(said, correct=False))
        for said, n, right in lines
    )
    return lost / total
