"""Headers of every answer that neither Django nor django-csp sets."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# What a browser could do for a page and no page of ours asks for. A name that a browser does not know is a
# warning in its console, so the experimental ones are left out.
UNUSED = (
    "accelerometer",
    "autoplay",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "cross-origin-isolated",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "keyboard-map",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
ALWAYS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
    # Every page carries the token of a form, most of them somebody's name: what may be kept says so itself.
    "Cache-Control": "private, no-store",
    # Who serves is nobody's business; the server would tell.
    "Server": "Dracarys",
}


class HeadersMiddleware:
    """Stands around everything, so that files, redirects and error pages have these headers too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # A page differs by who asks, and htmx gets only the part that changes.
            patch_vary_headers(response, ("Cookie", "HX-Request"))
        return response


class SignOutMiddleware:
    """Who signs out leaves nothing in the browser for the next person at it.

    The kept chart data and what scripts stored. Not the cookies: that would clear them of every sister site
    and forget the theme, and signing out has already ended the session.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if was_signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
