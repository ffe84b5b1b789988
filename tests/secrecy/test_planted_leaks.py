"""The proof of the proof: leaks put in by hand are found, each by the check that is there for it."""

import logging
from typing import Any

import pytest
from django import shortcuts
from django.http import HttpRequest, HttpResponse

from dracarys.db.acting import acting_as_service
from learning import papers
from learning.models import PriceBar
from learning.page_renderer import PageRenderer
from learning.questions.single_choice import SingleChoice
from tests.amounts import FULL
from tests.figures import note
from tests.secrecy import house
from tests.secrecy.comparing import differences, leaks, shown_in
from tests.secrecy.house import LEARNER, House
from tests.secrecy.telling import Told, furnished, tell

pytestmark = pytest.mark.django_db


def _mark_of_the_right_answer(patch: pytest.MonkeyPatch) -> None:
    """The page says of each choice whether it is right, where no eye sees it."""
    honest = SingleChoice.paper_of_kind.__func__  # type: ignore[attr-defined]

    def told(cls: type[SingleChoice], stored: dict[str, Any], *chance: Any) -> Any:
        paper = honest(cls, stored, *chance)
        for choice in paper["choices"]:
            correct = stored["choices"][choice["id"]]["correct"]
            choice["text"] = f'<i data-correct="{correct}"></i>{choice["text"]}'
        return paper

    patch.setattr(SingleChoice, "paper_of_kind", classmethod(told))


def _right_answer_first(patch: pytest.MonkeyPatch) -> None:
    """No word too many, but the order tells."""
    honest = SingleChoice.paper_of_kind.__func__  # type: ignore[attr-defined]

    def told(cls: type[SingleChoice], stored: dict[str, Any], *chance: Any) -> Any:
        paper = honest(cls, stored, *chance)
        paper["choices"].sort(key=lambda choice: not stored["choices"][choice["id"]]["correct"])
        return paper

    patch.setattr(SingleChoice, "paper_of_kind", classmethod(told))


def _header(patch: pytest.MonkeyPatch) -> None:
    """An ETag made of the whole lesson, answers included."""
    honest = shortcuts.render

    def told(request: HttpRequest, template: str, context: dict[str, Any], **more: Any) -> HttpResponse:
        response = honest(request, template, context, **more)
        if "paper" in context:
            attempt = papers.own_attempt(user_id=request.user.pk, attempt_id=context["paper"].attempt_id)  # type: ignore[arg-type]
            response.headers["ETag"] = f'"{attempt.lesson.rendered["digest"]}"'
        return response

    patch.setattr("learning.views.render", told)


def _one_more_bar(patch: pytest.MonkeyPatch) -> None:
    """The chart goes on for one bar after its window."""
    honest = PageRenderer._bars

    def told(self: PageRenderer, spec: Any) -> Any:
        after = PriceBar.objects.filter(dataset_id=spec.dataset, time__gt=spec.end).earliest("time")
        return honest(self, spec.model_copy(update={"end": after.time}))

    patch.setattr(PageRenderer, "_bars", told)


def _comment(patch: pytest.MonkeyPatch) -> None:
    """The explanation is in the page, as a comment."""
    honest = papers._question

    def told(attempt: Any, number: int, stored: Any, *more: Any) -> Any:
        with acting_as_service():
            version = attempt.version
        explained = next(q for q in version.rendered["questions"] if q["id"] == stored["id"])["explanation"]
        return honest(attempt, number, {**stored, "prompt": f"{stored['prompt']}<!-- {explained} -->"}, *more)

    patch.setattr(papers, "_question", told)


def _log(patch: pytest.MonkeyPatch) -> None:
    """Somebody logs what they are about to show."""
    honest = papers.paper_of

    def told(attempt: Any, **more: Any) -> Any:
        with acting_as_service():
            logging.getLogger("learning").debug("paper of %s", attempt.version.assessment_data)
        return honest(attempt, **more)

    patch.setattr(papers, "paper_of", told)


def found(built: House) -> list[str]:
    """What both checks say about the papers and one chart of the first gate."""
    told: list[Told] = []
    for world in (0, 1):
        with furnished(built, world, only="" if FULL else "1.1"):
            told.append(tell(built, LEARNER, begin=PLACES, within=_in_places, again_by_htmx=False))
    texts = shown_in(told[0]) + [("a log", line) for line in told[0].logged]
    return differences(*told) + leaks(built.forbidden(LEARNER, 0), texts)


PLACES = ["/learn/1/1/assessment/", "/learn/1/1/3/", "/learn/1/1/3/charts/1.json"]


def _in_places(address: str) -> bool:
    return address.startswith((*PLACES[:2], "/attempts/")) and "/continue/" not in address


@pytest.mark.parametrize(
    "planted",
    [
        (_mark_of_the_right_answer, "data-correct="),
        (_right_answer_first, "GET /attempts/"),
        (_header, "ETag: "),
        (_one_more_bar, "GET /learn/1/1/3/charts/1.json differs", "chart's window: 14 mar 1991"),
        (_comment, "<!-- <p>secretexplanation"),
        (_log, "was in a log"),
    ],
    ids=lambda planted: planted[0].__name__.strip("_"),
)
def test_a_planted_leak_is_found(planted: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    (plant, *words), built = planted, house.build()
    plant(monkeypatch)
    said = "\n".join(found(built)).lower()
    assert [one for one in words if one.lower() not in said] == []
    note("leaks planted on purpose that were found", 1)


def test_without_a_plant_there_is_nothing_to_find() -> None:
    assert found(house.build()) == []
