"""The site as production has it. Run as a program with a production environment: what it answers, as JSON.

`python -m tests.site.production FOLDER` collects our static files into FOLDER first.
"""

import json
import os
import re
import runpy
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MAILBOX_PATH", "DEBUG", "DRACARYS_ZERO_SETUP", "PORT")
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "dracarys.settings",
    "SECRET_KEY": "a-long-and-random-enough-key-0123456789-for-nothing-else",
    "ALLOWED_HOSTS": "example.org",
}
TRANSPORT = re.compile("SECURE_|[A-Z]+_COOKIE_")


def settings_with(**environment: str) -> dict[str, Any]:
    """The settings as they are read in an environment of exactly these variables."""
    others = {name: value for name, value in os.environ.items() if name not in OURS}
    with patch.dict(os.environ, others | environment, clear=True):
        return runpy.run_path(str(ROOT / "dracarys" / "settings.py"))


def transport_settings() -> dict[str, Any]:
    """Those of production about https and cookies."""
    found = settings_with(**PRODUCTION)
    return {name: value for name, value in found.items() if TRANSPORT.match(name)}


def report(folder: str) -> dict[str, Any]:
    """Two real answers, over http and over https, and the cookies that came with them."""
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    call_command("check", deploy=True, fail_level="INFO")
    settings.STATIC_ROOT = folder
    # Only ours: the admin's many files would take seconds to compress.
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    call_command("collectstatic", verbosity=0, interactive=False)
    client = Client(SERVER_NAME="example.org")
    plain, secure = client.get("/terms/"), client.get("/terms/", secure=True)
    try:
        mailbox = reverse("mailbox")
    except NoReverseMatch:
        mailbox = ""
    return {
        "plain": [plain.status_code, plain.headers.get("Location")],
        "alive": client.get("/healthz").status_code,
        "secure": secure.status_code,
        "headers": dict(secure.headers),
        "page": secure.content.decode(),
        "cookies": {name: dict(cookie) for name, cookie in client.cookies.items()},
        "mailbox": mailbox,
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(report(sys.argv[1])))
