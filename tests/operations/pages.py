"""What people do over HTTP."""

import random
from collections.abc import Hashable

from django.db.models import QuerySet

from learning.models import Attempt, AttemptState, Lesson
from tests.factories.learning import answers_to
from tests.operations.turns import Turn
from tests.operations.world import NAME, PASSWORD

ZONES = ("UTC", "Europe/Oslo", "Asia/Kolkata", "America/Bogota", "Pacific/Kiritimati", "Pacific/Pago_Pago")
READ = (
    "/dashboard/", "/path/", "/achievements/", "/me/", "/help/", "/learn/1/1/", "/learn/1/1/assessment/",
    "/leaderboards/daily/", "/leaderboards/weekly/", "/leaderboards/monthly/", "/leaderboards/all_time/",
)  # fmt: skip


def read(turn: Turn, chance: random.Random) -> None:
    turn.get(chance.choice(READ))


def look_at_a_chart(turn: Turn, chance: random.Random) -> None:
    turn.get(f"/learn/1/{_gate(turn, chance).gate_id}/2/charts/1.json")


def walk(turn: Turn, chance: random.Random) -> None:
    turn.post(f"/learn/1/{_gate(turn, chance).gate_id}/{chance.randint(1, 3)}/continue/")


def begin(turn: Turn, chance: random.Random) -> None:
    path = f"/learn/1/{_gate(turn, chance).gate_id}/assessment/begin/"
    if chance.random() < 0.25:
        turn.post_twice(path)
    else:
        turn.post(path)


def save(turn: Turn, chance: random.Random) -> None:
    if not (attempt := _paper(turn, chance)):
        begin(turn, chance)
    else:
        answers = _answers(attempt, chance)
        token = chance.choice(sorted(answers))
        kept = {token: answers[token]}
        turn.post(f"/attempts/{attempt.pk}/save/", kept, writes=_writes(attempt, kept))


def submit(turn: Turn, chance: random.Random) -> None:
    """Right or wrong, from one window or two, sometimes with a question left out."""
    if not (attempt := _paper(turn, chance)):
        begin(turn, chance)
    else:
        answers, path = _answers(attempt, chance), f"/attempts/{attempt.pk}/submit/"
        turn.learner.old_papers.append(attempt.pk)
        if chance.random() < 0.1:
            answers.popitem()
        send = turn.post_twice if chance.random() < 0.3 else turn.post
        send(path, answers, writes=_writes(attempt, answers))


def submit_a_stale_paper(turn: Turn, chance: random.Random) -> None:
    """Back in the browser's history, and submit once more, with other answers."""
    if old := turn.learner.old_papers:
        attempt = _papers().get(pk=chance.choice(old))
        turn.post(f"/attempts/{attempt.pk}/submit/", _answers(attempt, chance))


def look_at_a_result(turn: Turn, chance: random.Random) -> None:
    if old := turn.learner.old_papers:
        turn.get(f"/attempts/{chance.choice(old)}/result/")


def meddle_with_somebody_elses_paper(turn: Turn, chance: random.Random) -> None:
    other = chance.choice(turn.world.learners)
    if other is not turn.learner and other.old_papers:
        turn.post(f"/attempts/{chance.choice(other.old_papers)}/submit/")


def change_the_profile(turn: Turn, chance: random.Random) -> None:
    name = f"Name {turn.number}" if chance.random() < 0.8 else ""
    # Without a name it is sent back, and nothing is kept.
    writes = {("name", turn.learner.user.pk): name} if name else {}
    turn.post("/me/", _about(name, chance), writes=writes)


def be_welcomed(turn: Turn, chance: random.Random) -> None:
    turn.post("/me/welcome/", {**_about(NAME, chance), "accept_terms": "on"})


def choose_a_theme(turn: Turn, chance: random.Random) -> None:
    turn.post("/theme/", {"theme": chance.choice(("dark", "light")), "next": "/help/"})


def sign_out(turn: Turn, chance: random.Random) -> None:
    turn.post("/accounts/logout/")


def sign_in(turn: Turn, chance: random.Random) -> None:
    password = PASSWORD if chance.random() < 0.9 else "wrong-horse-battery"
    turn.visitor.cookies.pop("sessionid", None)
    turn.post("/accounts/login/", {"login": turn.learner.user.email, "password": password})
    if "sessionid" not in turn.visitor.cookies:
        turn.visitor.sign_in(turn.learner.user)


def _gate(turn: Turn, chance: random.Random) -> Lesson:
    """Rather one of the first, which are open to most."""
    return turn.world.gates[min(chance.randrange(len(turn.world.gates)), chance.randrange(8))]


def _papers() -> QuerySet[Attempt]:
    return Attempt.objects.select_related("version").defer("version__content_data", "outcome")


def _paper(turn: Turn, chance: random.Random) -> Attempt | None:
    """One of the learner's open papers."""
    mine = list(_papers().filter(user=turn.learner.user, state=AttemptState.OPEN).order_by("started_at"))
    return chance.choice(mine) if mine else None


def _answers(attempt: Attempt, chance: random.Random) -> dict[str, str]:
    return answers_to(attempt, mistakes=chance.choice((0, 0, 0, 1, 3)))


def _writes(attempt: Attempt, answers: dict[str, str]) -> dict[Hashable, str]:
    """Each answer is a place of its own."""
    return {(attempt.pk, token): answer for token, answer in answers.items()}


def _about(name: str, chance: random.Random) -> dict[str, str]:
    fixed = {"trading_experience": "beginner", "preferred_language": "en", "bio": ""}
    return {**fixed, "full_name": name, "timezone": chance.choice(ZONES)}
