"""From draft to version: what stands in the way, what it would mean for past results, and publishing it."""

import uuid
from dataclasses import dataclass, replace

from django.db import transaction

from learning import publishing
from learning.content import parse_assessment, parse_content
from learning.models import Lesson, LessonVersion, Regrading
from learning.publishing import render
from learning.workshop import checks, drafts, history, regrading, what_if
from learning.workshop.checks import Findings
from learning.workshop.drafts import Draft
from learning.workshop.identities import renewed
from learning.workshop.what_if import WhatIf


class NotReady(Exception):
    """Something stands in the way; `findings` says what."""

    def __init__(self, findings: Findings) -> None:
        super().__init__("; ".join(str(one) for one in findings.problems))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Prospect:
    """A draft before it is published. `what_if` is None without one, while it cannot be graded by, and where
    nobody was graded yet.

    `new_ids` are questions that ask something else than before and so begin anew, as (old id, new id).
    """

    draft: Draft
    findings: Findings
    what_if: WhatIf | None
    new_ids: tuple[tuple[str, str], ...]

    @property
    def changes_results(self) -> bool:
        return self.what_if is not None and any(not one.changes_nothing for one in self.what_if.effects)


@dataclass(frozen=True, slots=True)
class Published:
    """The new version, None when learners read that already; `regrading` is what was ordered with it."""

    version: LessonVersion | None
    regrading: Regrading | None


def prospect_of(lesson: Lesson) -> Prospect:
    """What publishing the gate's draft would mean. Writes nothing; acts as the service."""
    draft = drafts.draft_of(lesson)
    found = checks.findings(lesson, draft)
    asked = with_ids_of_their_own(lesson, draft)
    graded = None
    if draft.is_saved and found.may_publish and lesson.attempts.filter(score__isnull=False).exists():
        questions = _rendered_questions(asked)
        graded = what_if.of_draft(lesson, questions=questions, assessment=asked.assessment)
    return Prospect(draft, found, graded, _new_ids(draft, asked))


def publish(lesson: Lesson, *, revision: int, mode: str, words: str, by: uuid.UUID) -> Published:
    """Put the draft before learners, and order that past results are regraded, unless `mode` is `leave`.

    All of it or nothing. The first version of a gate brings it into use. Acts as the service. Raises
    NotReady, drafts.NothingToPublish, drafts.Outdated, ContentErrors.
    """
    with transaction.atomic():
        draft = drafts.taken(lesson, revision=revision)
        found = checks.findings(lesson, draft)
        if not found.may_publish:
            raise NotReady(found)
        asked = with_ids_of_their_own(lesson, draft)
        lesson.is_active = lesson.is_active or not lesson.versions.published().exists()
        version = publishing.publish(
            lesson, content_data=asked.content, assessment_data=asked.assessment, by=by, words=words
        )
        if version is None:
            return Published(None, None)
        ordered = regrading.request(lesson, version=version, mode=mode, words=words, by=by)
        return Published(version, ordered)


def with_ids_of_their_own(lesson: Lesson, draft: Draft) -> Draft:
    """The draft as it is published: a question that asks something else gets an id never used before."""
    if not draft.assessment or not isinstance(draft.assessment.get("questions"), list):
        return draft
    asked = history.questions_of_all_versions(lesson)
    used = {question["id"] for question in asked}
    questions = renewed(asked, draft.assessment["questions"], used)
    return replace(draft, assessment={**draft.assessment, "questions": questions})


def _rendered_questions(draft: Draft) -> list[drafts.Json]:
    assessment = parse_assessment(draft.assessment) if draft.assessment else None
    return render(parse_content(draft.content), assessment).questions


def _new_ids(before: Draft, after: Draft) -> tuple[tuple[str, str], ...]:
    old, new = ([*(draft.assessment or {}).get("questions", ())] for draft in (before, after))
    pairs = ((one.get("id"), other.get("id")) for one, other in zip(old, new, strict=True))
    return tuple((str(one), str(other)) for one, other in pairs if one != other)
