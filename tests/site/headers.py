"""What the headers of every answer have to be."""

import re
from typing import Any

from django.conf import settings

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The workshop's preview: pages that one page of our own may frame, and that page.
FRAMED = {"admin:learning_lesson_preview_block", "admin:learning_lesson_preview_assessment"}
FRAMING = {"admin:learning_lesson_preview", "admin:learning_lesson_version"}
HSTS = "max-age=63072000; includeSubDomains; preload"
POWERFUL = {
    "camera",
    "microphone",
    "geolocation",
    "payment",
    "usb",
    "serial",
    "clipboard-read",
    "display-capture",
}
# They tell whom to attack how, or open an answer to the pages of others.
UNWANTED = re.compile(r"X-Powered-By|X-AspNet|Via|Access-Control-", re.IGNORECASE)
# What a browser may keep, by the name of its address. Anything else is kept by nobody.
KEPT = {
    "learning:block-chart": {"private", "max-age=31536000", "immutable"},
    "learning:figure": {"private", "max-age=31536000", "immutable"},
    "learning:attempt-chart": {"private", "max-age=31536000", "immutable"},
}


def header_faults(answer: Any, name: str = "") -> list[str]:
    """What is wrong with the headers of the answer of the address of this name; a static file has none."""
    headers = answer.headers
    # A redirect or an error of such an address is like any other.
    shown = answer.status_code in (200, 422)
    framed, framing = shown and name in FRAMED, shown and name in FRAMING
    found = [
        f"{header}: {headers.get(header)}, and not {value}"
        for header, value in (EVERYWHERE | ({"X-Frame-Options": "SAMEORIGIN"} if framed else {})).items()
        if headers.get(header) != value
    ]
    wanted = {
        **STRICT,
        **({"frame-ancestors": "'self'"} if framed else {}),
        **({"frame-src": "'self'"} if framing else {}),
    }
    if policy(headers.get("Content-Security-Policy", "")) != wanted:
        found.append(f"Content-Security-Policy: {headers.get('Content-Security-Policy')}")
    found += _permissions(headers) + _kept(answer, name) + _cookies(answer)
    found += [f"{header}: should not be there" for header in headers if UNWANTED.match(header)]
    if settings.SECURE_HSTS_SECONDS and headers.get("Strict-Transport-Security") != HSTS:
        found.append(f"Strict-Transport-Security: {headers.get('Strict-Transport-Security')}")
    if headers.get("Server") != "Dracarys":
        found.append(f"Server: tells of {headers.get('Server')}")
    return found


def policy(header: str) -> dict[str, str]:
    """A content security policy, by directive."""
    return {name: values for name, _, values in (part.strip().partition(" ") for part in header.split(";"))}


def words(header: str) -> set[str]:
    return {word.strip() for word in header.split(",") if word.strip()}


def _permissions(headers: Any) -> list[str]:
    """Everything that is named is off, and what is dangerous is named."""
    given = dict(word.partition("=")[::2] for word in words(headers.get("Permissions-Policy", "")))
    return [f"Permissions-Policy: {name} is on" for name in {*POWERFUL, *given} if given.get(name) != "()"]


def _kept(answer: Any, name: str) -> list[str]:
    """Nothing of a person, and no token of a form, stays in a cache."""
    kept, vary = words(answer.headers.get("Cache-Control", "")), words(answer.headers.get("Vary", ""))
    if not name and answer.status_code < 400:
        return [] if any(word.startswith("max-age=") for word in kept) else [f"Cache-Control: {kept}"]
    wanted = KEPT.get(name, set()) if answer.status_code == 200 else set()
    is_page = answer.headers.get("Content-Type", "").startswith("text/html")
    found = []
    if not (wanted or {"private", "no-store"}) <= kept or (wanted and "no-store" in kept):
        found.append(f"Cache-Control: {', '.join(sorted(kept))}")
    if is_page and not {"Cookie", "HX-Request"} <= vary:
        found.append(f"Vary: {', '.join(sorted(vary))}")
    return found


def _cookies(answer: Any) -> list[str]:
    """Each has its name in the settings, which bind it to this host in production; no script can read it."""
    known = {getattr(settings, name) for name in dir(settings) if name.endswith("_COOKIE_NAME")}
    found = [f"cookie {name}: give it a name in the settings" for name in answer.cookies if name not in known]
    for cookie in answer.cookies.values():
        bound = cookie["path"] == "/" and not cookie["domain"] and cookie["samesite"] == "Lax"
        # One that is taken away holds nothing that a script could read.
        hidden = cookie["httponly"] or cookie["max-age"] == 0
        secure = cookie["secure"] or not settings.SESSION_COOKIE_SECURE
        if not (bound and hidden and secure):
            found.append(f"cookie {cookie.OutputString()}")
    return found
