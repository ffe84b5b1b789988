"""Every address with its parts exchanged, every parameter, header and cookie: an answer, never a fault."""

import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from tests.amounts import amount
from tests.architecture.source import modules
from tests.bad_input import hostile
from tests.bad_input.bodies import FORM, raw
from tests.bad_input.house import Visitor
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.fuzz import steady
from tests.site.addresses import addresses

pytestmark = pytest.mark.django_db
WHO = ("visitor", "learner", "staff")
METHODS = ("GET", "GET", "GET", "HEAD", "POST", "OPTIONS", "DELETE")
COOKIES = (
    settings.SESSION_COOKIE_NAME,
    settings.CSRF_COOKIE_NAME,
    settings.LANGUAGE_COOKIE_NAME,
    getattr(settings, "MESSAGES_COOKIE_NAME", "messages"),
    getattr(settings, "THEME_COOKIE_NAME", "theme"),
)
PARAMETERS = {
    "page",
    "next",
    "cursor",
    "q",
    "period",
    "p",
    "v",
    "email",
    "theme",
    "_popup",
    "_changelist_filters",
    "_to_field",
}
HEADERS = {
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "Authorization",
    "Content-Length",
    "Cookie",
    "Forwarded",
    "Host",
    "HX-Boosted",
    "HX-Current-URL",
    "HX-Request",
    "HX-Target",
    "HX-Trigger",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Unmodified-Since",
    "Origin",
    "Range",
    "Referer",
    "User-Agent",
    "X-CSRFToken",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-HTTP-Method-Override",
    "X-Request-ID",
    "X-Requested-With",
}
TELLING = (
    "1.2.3.4, 5.6.7.8",
    ",,,",
    "::ffff:1.2.3.4",
    "[::1]:99999999",
    "fe80::1%eth0\0",
    "1.2.3.4:-1",
    "bytes=0-",
    "bytes=-9999999999999999999",
    "bytes=5-1,2-",
    "Thu, 32 Foo 20240 99:99:99 GMT",
    'W/"x", "',
    "*",
    "en-" + "x" * 600,
    "zh-Hans;q=1e309,*;q=NaN",
    "en;q=" + "0" * 5_000,
    "http://[::1",
    "https://testserver:99999999",
    "http://testserver@evil.example/",
    "//evil.example",
    "javascript:alert(1)",
    "null",
    "Basic " + "=" * 100,
    "gzip;q=,",
)


def read_by_the_product(what: str) -> set[str]:
    """Names of parameters or headers that our own source reads: a new one is fuzzed without a word here."""
    pattern = re.compile(rf"request\.{what}(?:\.get|\.getlist)?[(\[]\s*[\"']([A-Za-z_-]+)")
    return {name for path in modules() for name in pattern.findall(Path(path).read_text("utf-8"))}


ASKED = sorted(PARAMETERS | read_by_the_product("GET"))
SENT = sorted(HEADERS | read_by_the_product("headers"))


def environ_of(header: str) -> str:
    name = header.upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"


def query(pairs: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote(raw(name))}={quote(raw(value))}" for name, value in pairs)


def in_header(text: str) -> str:
    """As WSGI hands it on: the bytes as Latin-1, without a line's end, over which no server lets it."""
    return re.sub(r"[\r\n]", "", raw(text).decode("latin-1"))


words = hostile.texts()
pairs = st.lists(
    st.tuples(st.sampled_from(ASKED) | st.sampled_from([f"{a}[]" for a in ASKED]) | words, words), max_size=6
)
sent_headers = st.dictionaries(st.sampled_from(SENT), st.sampled_from(TELLING) | words, max_size=4)
forged = st.dictionaries(
    st.sampled_from(COOKIES), words | st.sampled_from((".eJx", "a:b:c", "x" * 32)), max_size=3
)


@pytest.mark.parametrize("name", WHO)
def test_an_address_with_other_parts_is_no_fault(
    house: dict[str, Visitor], tally: Counter[str], name: str
) -> None:
    """Any part of any address, whatever the URLconf says that it holds."""
    everything = sorted({one.path for one in addresses()} | set(house[name].pages))

    @steady(amount(50, 5_000))
    @given(st.sampled_from(everything), st.integers(0, 9), words, st.sampled_from(METHODS), st.booleans())
    def ask(path: str, place: int, part: str, method: str, encoded: bool) -> None:
        parts = path.strip("/").split("/")
        parts[place % len(parts)] = part if encoded else part[:200]
        written = "/" + "/".join(quote(raw(one), safe="") if encoded else one for one in parts) + "/"
        house[name].browser.once(method, hostile.sendable(written).replace("\n", ""))
        tally["fuzz cases: addresses"] += 1

    ask()


@pytest.mark.parametrize("name", WHO)
def test_no_parameter_breaks_a_page(house: dict[str, Visitor], tally: Counter[str], name: str) -> None:
    @steady(amount(20, 1_500))
    @given(
        st.sampled_from(house[name].pages),
        pairs,
        st.sampled_from(("", "&" * 50, "&a=1" * 200, "%", "%zz", ";")),
    )
    def ask(page: str, asked: list[tuple[str, str]], rest: str) -> None:
        house[name].browser.once("GET", page, QUERY_STRING=query(asked) + rest)
        tally["fuzz cases: query parameters"] += 1

    ask()


@pytest.mark.parametrize("proxies", [0, 1, 2])
@pytest.mark.parametrize("name", WHO)
def test_no_header_and_no_cookie_breaks_a_page(
    house: dict[str, Visitor], tally: Counter[str], settings: Any, name: str, proxies: int
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if proxies else None
    browser, pages = house[name].browser, [*house[name].pages, "/static/css/app.css", "/healthz", "/nope/"]

    @steady(amount(15, 800))
    @given(st.sampled_from(pages), sent_headers, forged)
    def ask(page: str, headers: dict[str, str], cookies: dict[str, str]) -> None:
        environ = {environ_of(header): in_header(value) for header, value in headers.items()}
        if cookies:
            environ["HTTP_COOKIE"] = in_header("; ".join(f"{key}={value}" for key, value in cookies.items()))
        browser.once("GET", page, **environ)
        tally["fuzz cases: headers and cookies"] += 1

    ask()


def test_no_header_breaks_signing_in_which_keeps_some_of_them(
    house: dict[str, Visitor], tally: Counter[str]
) -> None:
    visitor = house["visitor"].browser
    form = f"login={UserFactory.create().email}&password={PASSWORD}"

    @steady(amount(30, 1_000))
    @given(sent_headers, words)
    def sign_in(headers: dict[str, str], agent: str) -> None:
        environ = {environ_of(header): in_header(value) for header, value in headers.items()}
        environ |= {"HTTP_USER_AGENT": in_header(agent)}
        visitor.once("POST", "/accounts/login/", data=form.encode(), content_type=FORM, **environ)
        tally["fuzz cases: headers of a sign-in"] += 1

    sign_in()
