"""What one person was offered, asked for again by somebody else."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from django.urls import Resolver404, resolve

from accounts.models import User
from tests.secrecy import personal
from tests.secrecy.comparing import UUID, leaks
from tests.secrecy.crawler import Request, Shown, Visitor
from tests.secrecy.house import House
from tests.secrecy.rows_of import Rows, changed, ids_of, rows_of
from tests.secrecy.telling import for_once

WRONG_METHOD = 405  # of the address, whatever it names


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose things they are: marks in their rows, names of their things, what they were offered."""

    user: User
    marks: dict[str, str]
    ids: frozenset[str]
    rows: Rows
    offered: tuple[Request, ...]


@dataclass(slots=True)
class Reader:
    """Somebody else. Each request is answered as if it were their first, and undone."""

    house: House
    name: str
    visitor: Visitor
    known: bool  # whether the site knows who they are

    def answers(self, owner: Owner, request: Request) -> tuple[Shown, list[str]]:
        """The answer, and what became of the owner's rows."""
        with for_once(self.visitor, self.house.now):
            shown = self.visitor.ask(request)
            after = rows_of(owner.user)
        return shown, changed(owner.rows, after)


def owner_of(user: User, marks: dict[str, str], offered: Iterable[Request]) -> Owner:
    return Owner(user, marks, frozenset(ids_of(user)), rows_of(user), tuple(dict.fromkeys(offered)))


def complaints(owner: Owner, reader: Reader, request: Request) -> Iterator[str]:
    """In words whatever this reader is told of the owner, or does to them, by asking for `request`."""
    shown, harm = reader.answers(owner, request)
    said = f"{reader.name} asked {request} and was answered {shown.status}"
    yield from (f"{said}: {one}" for one in harm)
    if shown.status >= 500:
        yield f"{said}: the page fails"
    yield from (f"{said}: {one}" for one in leaks(_hidden(owner, reader, request), [("it", shown.text())]))
    if not reader.known and not _is_public(request) and not _to_sign_in(shown):
        yield f"{said}; whoever has not signed in is sent to sign in"
    named = _named(owner, request)
    addressed = any(one in request.address for one in named)
    if addressed and reader.known and not _is_missing(shown):
        yield f"{said}; what is somebody else's is 404, like what does not exist"
    if named:
        nothing, _ = reader.answers(owner, _of_nobody(request, named))
        if _anonymous(shown, named) != _anonymous(nothing, named):
            yield f"{said}; the same with ids of nothing was answered otherwise ({nothing.status})"


def mixed(owner: Owner, reader: Reader) -> Iterator[Request]:
    """The owner's values in the reader's own forms: their attempt's address, the owner's tokens."""
    own = reader.visitor.user.attempts.filter(state="open").first() if reader.visitor.user else None
    theirs = {str(pk) for pk in owner.user.attempts.values_list("pk", flat=True)}
    for request in owner.offered:
        found = UUID.search(request.address)
        if own and request.data and found and found[0] in theirs:
            yield replace(request, address=request.address.replace(found[0], str(own.pk)))


def _hidden(owner: Owner, reader: Reader, request: Request) -> dict[str, str]:
    """What may not be shown: marks and ids, save what is public and what the request itself said."""
    said = f"{request.address} {request.data}"
    public = personal.PUBLIC if reader.known else set()
    ids = dict.fromkeys(owner.ids, "an id")
    hidden = ids | {mark: what for mark, what in owner.marks.items() if what not in public}
    return {mark: f"{what} of {owner.user.email}" for mark, what in hidden.items() if mark not in said}


def _named(owner: Owner, request: Request) -> list[str]:
    """The ids of the owner that this request names."""
    said = f"{request.address} {request.data}"
    return [one for one in owner.ids if one in said]


def _of_nobody(request: Request, named: list[str]) -> Request:
    """The same request for things that do not exist."""
    address, data = request.address, request.data
    for one in named:
        address = address.replace(one, _stranger_to(one))
        data = tuple((n.replace(one, _stranger_to(one)), v.replace(one, _stranger_to(one))) for n, v in data)
    return replace(request, address=address, data=data)


def _stranger_to(name: str) -> str:
    """As long, and of the same form."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name)) if UUID.fullmatch(name) else f"zz{name[2:]}"


def _anonymous(shown: Shown, named: list[str]) -> str:
    text = shown.text()
    for one in named:
        for form in (one, _stranger_to(one)):
            text = text.replace(form, "IT").replace(form.replace("@", "%40"), "IT")
    return UUID.sub("a new id", text)


def _is_missing(shown: Shown) -> bool:
    return shown.status in (404, WRONG_METHOD)


def _is_public(request: Request) -> bool:
    try:
        view = resolve(request.address.partition("?")[0]).func
    except Resolver404:
        return True
    return getattr(view, "login_required", True) is False


def _to_sign_in(shown: Shown) -> bool:
    return shown.status == 302 and dict(shown.headers)["Location"].partition("?")[0] in (
        "/accounts/login/",
        "/admin/login/",
    )
