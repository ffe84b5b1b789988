"""What every page knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from gamification.rules import flame_meter

THEMES = ("system", "light", "dark")


def site(request: HttpRequest) -> dict[str, Any]:
    """Theme, flame and whether htmx asks for a part of the page; no query: the profile came with the user."""
    theme = request.COOKIES.get(settings.THEME_COOKIE_NAME, "system")
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "theme": theme if theme in THEMES else "system",
        "flame": flame_meter(user.profile.total_xp) if signed_in and user else None,
        "is_htmx": request.headers.get("HX-Request") == "true",
        "has_mailbox": bool(settings.MAILBOX_PATH),
    }
