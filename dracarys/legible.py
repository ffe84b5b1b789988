"""What nobody can read is refused at the door, before any code looks at it."""

import codecs
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.http import parse_header_parameters

ILLEGIBLE = "text/plain; charset=illegible"
LENGTH = re.compile("[0-9]{1,18}")
# The workshop's pages that take a file, and how large it may be; a test pins the list. What stands around the
# file is held to Django's own limit.
UPLOADS = frozenset(
    [
        *(f"admin:learning_{model}_{page}" for model in ("dataset", "figure") for page in ("add", "change")),
        "admin:learning_course_upload",
    ]
)
UPLOAD = 5 * 1024 * 1024
FORM = 1024 * 1024


class LegibleMiddleware:
    """Answers 400, with our page, to an address that is no text, to strange letters and to far too much.

    PostgreSQL keeps no NUL and no half of a surrogate pair. Browsers send forms in UTF-8; other names of
    codecs make Python decode such halves, or nothing at all. A body is refused by its announced length,
    unread: Django's own limit knows neither files nor JSON. Only staff's pages of uploads take more. A cookie
    with a NUL (which `"\\000"` stands for) counts as none, or the browser that keeps it would be locked out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        path, query = (request.META.get(part, "") for part in ("PATH_INFO", "QUERY_STRING"))
        if not (_is_text(_bytes(path)) and _is_text(unquote_to_bytes(_bytes(query)))):
            raise BadRequest("The address is no text.")
        if any("\0" in value for name, value in request.META.items() if name.startswith("HTTP_")):
            raise BadRequest("A header is no text.")
        if not _is_utf8((request.content_params or {}).get("charset", "utf-8")):
            raise BadRequest("The body is not in UTF-8.")
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if not LENGTH.fullmatch(announced):
            raise BadRequest("The length is no number.")
        if int(announced) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE and int(announced) > _limit(request):
            raise RequestDataTooBig("The body is too big.")
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        return self.get_response(request)


def _limit(request: HttpRequest) -> int:
    """Bytes that the body of this request may have."""
    is_upload = request.method == "POST" and request.content_type == "multipart/form-data"
    try:
        name = resolve(request.path_info).view_name if is_upload else ""
    except Resolver404:
        name = ""
    return UPLOAD + FORM if name in UPLOADS else int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def with_legible_content_type(environ: dict[str, Any]) -> dict[str, Any]:
    """The same, but for a content type over which Django would fall before any middleware runs."""
    try:
        _, parameters = parse_header_parameters(environ.get("CONTENT_TYPE", ""))
        codecs.lookup(parameters.get("charset", "utf-8"))
    except LookupError:
        return environ  # a codec that nobody knows is refused by the middleware
    except Exception:
        return environ | {"CONTENT_TYPE": ILLEGIBLE}
    return environ


def _bytes(part: str) -> bytes:
    # WSGI hands bytes on as Latin-1.
    return part.encode("latin-1", "replace")


def _is_text(read: bytes) -> bool:
    try:
        return "\0" not in read.decode()
    except UnicodeDecodeError:
        return False


def _is_utf8(charset: str) -> bool:
    return charset.lower().replace("_", "-") in {"utf-8", "utf8"}
