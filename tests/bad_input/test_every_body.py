"""Bodies that are no form, and bodies far too big, to every address that takes one."""

from collections import Counter

import pytest

from tests.amounts import amount
from tests.bad_input.bodies import BOUNDARY, FORM, MULTIPART, File, multipart, urlencoded
from tests.bad_input.house import Visitor
from tests.bad_input.pages import Form

pytestmark = pytest.mark.django_db
BIG = 10_000_000
OUR_PAGE = "We could not read that"
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"'.encode()

STRANGE = {
    "nothing": (b"", FORM),
    "no type": (b"a=b", ""),
    "json": (b'{"a": [', "application/json"),
    "bytes that are no letters": (b"\0\xff\xfe[" * 100, FORM),
    "1,001 fields": (b"&".join(b"f%d=1" % n for n in range(1_001)), FORM),
    "1,001 parts": (multipart({f"f{n}": ["1"] for n in range(1_001)}), MULTIPART),
    "101 files": (multipart({}, {f"f{n}": File("a", b"x") for n in range(101)}), MULTIPART),
    "a field name of 100,000 letters": (urlencoded({"x" * 100_000: ["1"]}), FORM),
    "no boundary": (multipart({"a": ["b"]}), "multipart/form-data"),
    "another boundary": (multipart({"a": ["b"]}), "multipart/form-data; boundary=nothing-like-it"),
    "an endless boundary": (multipart({"a": ["b"]}), "multipart/form-data; boundary=" + "x" * 5_000),
    "a boundary that is no text": (multipart({"a": ["b"]}), "multipart/form-data; boundary=\xe9"),
    "a part cut short": (PART, MULTIPART),
    "a part without an end": (PART + b"\r\n\r\nvalue", MULTIPART),
    "base64 that is none": (PART + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n=A=%\r\n", MULTIPART),
    "an unknown alphabet": (b"a=b", f"{FORM}; charset=klingon"),
    "halves of a surrogate pair by UTF-7": (PART + b"\r\n\r\n+2AA-\r\n", f"{MULTIPART}; charset=utf-7"),
    "a codec of bytes": (PART + b"\r\n\r\nx\r\n", f"{MULTIPART}; charset=hex"),
    "a codec that always fails": (PART + b"\r\n\r\nx\r\n", f"{MULTIPART}; charset=undefined"),
    "UTF-16": (PART + b"\r\n\r\n\0x\r\n", f"{MULTIPART}; charset=utf-16"),
    "a type of parts": (multipart({"a": ["b"]}), "multipart/mixed; boundary=" + BOUNDARY),
}
TOO_BIG = {
    "a form": (b"a=" + b"x" * BIG, FORM),
    "a form of many parts": (multipart({"a": ["x" * BIG]}), MULTIPART),
    "a file": (multipart({}, {"a": File("a", b"x" * BIG)}), MULTIPART),
    "json": (b'{"a": "' + b"x" * BIG + b'"}', "application/json"),
    "nothing that has a name": (b"\0" * BIG, ""),
}


def doors(house: dict[str, Visitor], what: str) -> list[tuple[Visitor, Form]]:
    """Each route that takes a form, once, and somebody who may send it; of the admin's a few in turn."""
    found = {form.route: (visitor, form) for visitor in house.values() for form in visitor.forms}
    ours = [found[route] for route in found if not route.startswith("admin:")]
    theirs = [found[route] for route in found if route.startswith("admin:")]
    turn = sorted({*STRANGE, *TOO_BIG}).index(what)
    few = amount(2, len(theirs))
    return ours + (theirs * 2)[turn * few % len(theirs) :][:few]


@pytest.mark.parametrize("what", STRANGE)
def test_a_strange_body_is_no_fault(house: dict[str, Visitor], tally: Counter[str], what: str) -> None:
    body, kind = STRANGE[what]
    for visitor, form in doors(house, what):
        visitor.browser.once("POST", form.action, data=body, content_type=kind)
        tally["fuzz cases: strange and truncated bodies"] += 1


@pytest.mark.parametrize(
    "what", ["1,001 fields", "1,001 parts", "101 files", "a codec of bytes", "UTF-16", "no boundary"]
)
def test_what_no_browser_sends_is_refused_with_a_page_of_ours(house: dict[str, Visitor], what: str) -> None:
    body, kind = STRANGE[what]
    response = house["learner"].browser.once("POST", "/me/", data=body, content_type=kind)
    assert response.status_code == 400
    assert OUR_PAGE in response.content.decode()


@pytest.mark.parametrize("what", TOO_BIG)
def test_ten_megabytes_are_refused_unread_at_every_door(
    house: dict[str, Visitor], tally: Counter[str], what: str
) -> None:
    body, kind = TOO_BIG[what]
    for visitor, form in doors(house, what):
        response = visitor.browser.once("POST", form.action, data=body, content_type=kind)
        assert response.status_code == 400
        assert OUR_PAGE in response.content.decode()
        tally["fuzz cases: bodies of 10 MB"] += 1
