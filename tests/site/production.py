"""Run as a program with a production environment: what the site is then, as JSON.

`python -m tests.site.production FOLDER` collects our static files into FOLDER first.
"""

import json
import sys
from typing import Any

import django
from django.conf import settings


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
