"""Whether learners can get to the gate, and what waits for them there."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db.models import Max
from django.utils.translation import gettext as _

from billing.entitlements import FREE_LEVELS
from billing.models import SubscriptionPlan
from learning import access
from learning.content import ContentErrors
from learning.models import Lesson
from learning.publishing import refuse_circles
from learning.rules import GateFacts, LearnerFacts, locks_of_assessment
from learning.workshop.checks.finding import Finding, advice
from learning.workshop.trial import Trial

ANY_LEVEL = 10**9


def found(lesson: Lesson, tried: Trial) -> Iterator[Finding]:
    """What keeps learners out, and what is missing at the gate itself."""
    yield from _in_use(lesson)
    yield from _prerequisites(lesson)
    yield from _plan(lesson)
    if not tried.questions:
        yield advice(
            _("The gate has no questions: nobody can pass it, and gates that wait for it stay shut.")
        )
    if not lesson.xp_reward:
        yield advice(_("Passing the gate pays no XP."))


def _in_use(lesson: Lesson) -> Iterator[Finding]:
    if not lesson.is_active and lesson.versions.published().exists():
        yield advice(_("The gate is out of use: learners do not see it, also when this is published."))
    if not lesson.level.is_active:
        yield advice(
            _("Level %(level)s is not shown: learners do not see the gate.") % {"level": lesson.level_id}
        )


def _prerequisites(lesson: Lesson) -> Iterator[Finding]:
    try:
        refuse_circles(lesson)
    except ContentErrors as error:
        yield from (Finding(sentence) for sentence in error.sentences)
        return
    course = _course_with(lesson)
    known = {gate.lesson_id: gate for gate in course}
    for needed in lesson.prerequisites or ():
        gate = known.get(needed)
        if gate is None:
            yield Finding(_("A prerequisite of the gate is not there any more."))
        elif not gate.is_active:
            yield advice(
                _("Its prerequisite %(gate)s is out of use: learners come in without it.")
                % {"gate": f"{gate.level}.{gate.gate} {gate.title}"}
            )
    if reasons := _locks_for_ever(course, lesson):
        yield Finding(_("No learner can ever get to the gate: %(why)s") % {"why": " ".join(reasons)})


def _course_with(lesson: Lesson) -> tuple[GateFacts, ...]:
    """The course as it will be: this gate in use, with what was not saved yet."""
    this = GateFacts(
        lesson_id=lesson.pk,
        level=lesson.level_id,
        gate=lesson.gate_id,
        title=lesson.title,
        is_active=True,
        prerequisites=frozenset(lesson.prerequisites or ()),
        test_out=lesson.test_out,
    )
    course = access.access_of(None).course
    return (*(gate for gate in course if gate.lesson_id != lesson.pk), this)


def _locks_for_ever(course: Sequence[GateFacts], lesson: Lesson) -> list[str]:
    """What still locks the gate for somebody who passes every other gate that ever opens to them."""
    learner = LearnerFacts(frozenset(), ANY_LEVEL)
    others = [gate for gate in course if gate.lesson_id != lesson.pk]
    this = next(gate for gate in course if gate.lesson_id == lesson.pk)
    while True:
        opened = {gate.lesson_id for gate in others if not locks_of_assessment(gate, course, learner)}
        if opened <= learner.passed:
            return [access.sentence(reason) for reason in locks_of_assessment(this, course, learner)]
        learner = replace(learner, passed=learner.passed | opened)


def _plan(lesson: Lesson) -> Iterator[Finding]:
    sold = SubscriptionPlan.objects.filter(is_active=True).aggregate(most=Max("level_access_limit"))["most"]
    if lesson.level_id > max(FREE_LEVELS, sold or 0):
        yield advice(_("No plan on sale opens level %(level)s.") % {"level": lesson.level_id})
