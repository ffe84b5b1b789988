"""Several who write at the same lesson: one draft, and whoever was slower is told so."""

from functools import partial

from accounts.models import User
from dracarys.db.acting import acting_as_service
from learning.models import Lesson, LessonVersion, VersionState
from learning.workshop import drafts
from tests.amounts import THREADS
from tests.races.cast import newcomer
from tests.races.crew import Crew
from tests.races.guards import without_index


def write(draft: drafts.Draft, author: User, text: str) -> str | None:
    """As the editor's button does, with the draft as its page had it; None for somebody who was told."""
    content = {"blocks": [{"id": "one", "type": "prose", "title": "One", "markdown": text}]}
    with acting_as_service():
        try:
            drafts.save(draft, content=content, assessment=None, by=author.pk)
        except drafts.Outdated:
            return None
    return text


def authors(crew: Crew, gate: Lesson, author: User) -> None:
    """Several authors save the same draft at once: one is kept, the others are told."""
    rows = LessonVersion.objects.filter(lesson=gate, state=VersionState.DRAFT)
    rows.delete()
    for revision in (1, 2):
        draft = drafts.draft_of(gate)
        outcome = crew.race(*[partial(write, draft, author, f"Text {n}") for n in range(THREADS)])
        assert outcome.errors == []
        found = [(row.revision, row.content_data["blocks"][0]["markdown"]) for row in rows.all()]
        assert found == [(revision, text) for text in outcome.results if text]


def test_several_authors_have_one_draft(crew: Crew, gate: Lesson) -> None:
    crew.holds(authors, gate, newcomer())


def test_without_its_key_they_begin_one_each(crew: Crew, gate: Lesson) -> None:
    with without_index("lesson_versions", "uq_lesson_versions_one_draft"):
        crew.breaks(authors, gate, newcomer())
