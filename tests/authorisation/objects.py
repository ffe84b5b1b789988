"""What the varying parts of an address may point to: somebody's own, a stranger's, locked, missing."""

from collections.abc import Callable, Mapping
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from learning.models import Figure, GlossaryTerm
from tests.authorisation.cast import World, nobodys
from tests.site.addresses import Route

Values = Mapping[str, Any]
# From the world and the role that asks to the parts of the address; None where the role has no such thing.
Maker = Callable[[World, str], Values | None]
Of = Callable[[World, str], str]
MAIL = "20260101-120000-1.log"
OF_LEVEL_1 = {"open": 1, "locked": 2, "out of use": 5, "missing": 99}


def _gate(gate: int, **more: int) -> Maker:
    return lambda world, role: {"level": 1, "gate": gate, **more}


def _gate_block(gate: int, block: str = "block-1") -> Maker:
    return lambda world, role: {"level": 1, "gate": gate, "block": block}


def _question(which: str, number: int = 1, *, of: Of = lambda world, role: role) -> Maker:
    return lambda world, role: {"attempt_id": world.attempt(of(world, role), which).pk, "number": number}


def _attempt(which: str, *, of: Of = lambda world, role: role) -> Maker:
    return lambda world, role: {"attempt_id": world.attempt(of(world, role), which).pk}


def _attempt_chart(*, of: Of) -> Maker:
    """The paper whose first question shows a chart."""

    def make(world: World, role: str) -> Values:
        attempt = world.attempt(of(world, role), "with a chart")
        return {"attempt_id": attempt.pk, "token": attempt.paper["questions"][0]["token"]}

    return make


def _good_key(world: World, role: str) -> Values:
    """The link of the learner's mail."""
    user = world.people["learner"]
    return {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}


def _figure(world: World, role: str) -> Values:
    return {"digest": Figure.objects.get(pk=world.rows[Figure]).digest}


def _mail(world: World, role: str) -> Values:
    return {"name": MAIL}


# The parts of an address, joined by blanks, are the kind of what it points to.
OBJECTS: dict[str, dict[str, Maker]] = {
    "": {"": lambda world, role: {}},
    "level gate": {case: _gate(gate) for case, gate in OF_LEVEL_1.items()},
    "level gate number": {
        **{case: _gate(gate, number=2) for case, gate in OF_LEVEL_1.items()},
        "no such block": _gate(1, number=99),
    },
    "level gate number which": {
        **{case: _gate(gate, number=2, which=1) for case, gate in OF_LEVEL_1.items()},
        "no such block": _gate(1, number=2, which=2),
    },
    "level gate checkpoint": {
        **{case: _gate(gate, checkpoint=4) for case, gate in OF_LEVEL_1.items()},
        "no such block": _gate(1, checkpoint=1),
    },
    "level gate reflection": {
        **{case: _gate(gate, reflection=5) for case, gate in OF_LEVEL_1.items()},
        "no such block": _gate(1, reflection=1),
    },
    "level gate block": {
        **{case: _gate_block(gate) for case, gate in OF_LEVEL_1.items()},
        "no such block": _gate_block(1, "no-such-block"),
    },
    "attempt_id number": {
        "graded": _question("graded"),
        "own": _question("own"),
        "no such question": _question("graded", 99),
        "a stranger's": _question("graded", of=World.stranger),
        "missing": lambda world, role: {"attempt_id": nobodys(), "number": 1},
    },
    "code": {
        "a word": lambda world, role: {"code": world.rows[GlossaryTerm]},
        "missing": lambda world, role: {"code": "no-such-word"},
    },
    "attempt_id": {
        "own": _attempt("own"),
        "graded": _attempt("graded"),
        "of a closed gate": _attempt("of a closed gate"),
        "a stranger's": _attempt("own", of=World.stranger),
        "a stranger's, graded": _attempt("graded", of=World.stranger),
        "missing": lambda world, role: {"attempt_id": nobodys()},
    },
    "attempt_id token": {
        "own": _attempt_chart(of=lambda world, role: role),
        "a stranger's": _attempt_chart(of=World.stranger),
        "missing": lambda world, role: {"attempt_id": nobodys(), "token": "nosuchtoken7"},
    },
    "digest": {
        "a figure": _figure,
        "missing": lambda world, role: {"digest": "0" * 64},
    },
    "period": {
        "weekly": lambda world, role: {"period": "weekly"},
        "missing": lambda world, role: {"period": "hourly"},
    },
    "name": {"a mail": _mail, "missing": lambda world, role: {"name": "missing.log"}},
    "uidb36 key": {
        "the learner's": _good_key,
        "missing": lambda world, role: {"uidb36": "1", "key": "a-b"},
    },
    "app_label": {
        "own": lambda world, role: {"app_label": "community" if role == "moderator" else "learning"},
        "a stranger's": lambda world, role: {"app_label": "learning"} if role == "moderator" else None,
    },
    "content_type_id object_id": {
        "missing": lambda world, role: {"content_type_id": 1, "object_id": nobodys()}
    },
    "url": {"missing": lambda world, role: {"url": "no/such/page"}},
    # of the admin: the row that each model has in the world, whoever asks
    "object_id": {
        "a row": lambda world, role: {},
        "missing": lambda world, role: {"object_id": nobodys()},
    },
    # of the workshop: a block, a question or a version of that row's gate
    "object_id number": {
        "a row": lambda world, role: {"number": 1},
        "no such number": lambda world, role: {"number": 99},
        "missing": lambda world, role: {"object_id": nobodys(), "number": 1},
    },
    "object_id number which": {
        "a row": lambda world, role: {"number": 2, "which": 1},
        "no such chart": lambda world, role: {"number": 1, "which": 1},
        "missing": lambda world, role: {"object_id": nobodys(), "number": 2, "which": 1},
    },
    # of the workshop: a block or a question of that row's gate
    "object_id block": {
        "a row": lambda world, role: {"block": "block-1"},
        "no such block": lambda world, role: {"block": "no-such-block"},
        "missing": lambda world, role: {"object_id": nobodys(), "block": "block-1"},
    },
    "object_id question": {
        "a row": lambda world, role: {"question": "q1"},
        "no such question": lambda world, role: {"question": "no-such-question"},
        "missing": lambda world, role: {"object_id": nobodys(), "question": "q1"},
    },
    "id": {"a row": lambda world, role: {}, "missing": lambda world, role: {"id": nobodys()}},
}


def kind(route: Route) -> str:
    return " ".join(route.parts)


def cases_of(route: Route) -> Mapping[str, Maker]:
    """What the parts of this route may point to; nothing where nobody said so yet."""
    return OBJECTS.get(kind(route), {})


def has_strangers(route: Route) -> bool:
    """Whether its parts may point to somebody else's things, which are to look like missing ones."""
    return {"a stranger's", "missing"} <= cases_of(route).keys()


def values_of(route: Route, case: str, world: World, role: str) -> dict[str, Any] | None:
    """The parts of the address that this case is; None where this role has no such thing."""
    values = cases_of(route)[case](world, role)
    return None if values is None else world.row_of(route) | dict(values)
