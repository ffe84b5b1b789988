"""The environment that the site's processes get."""

from collections.abc import Mapping
from pathlib import Path

from dracarys.servers.home import Home
from dracarys.servers.trouble import TroubleError

# `dracarys` sets it when it is imported, which `python -m dracarys.servers` does; every entry point has it
# as its default, and pytest must not get it.
SET_BY_IMPORT = ("DJANGO_SETTINGS_MODULE", "dracarys.settings")


def additions(environ: Mapping[str, str], home: Home, urls: Mapping[str, str]) -> dict[str, str]:
    """What the zero-setup run adds; a value that the environment has already wins."""
    wanted = {
        **urls,
        "DRACARYS_ZERO_SETUP": "1",
        "SECRET_KEY": home.secret("secret-key"),
        "PORT": "8000",
        "PYTHONUNBUFFERED": "1",
        "FILES_PATH": str(home.path / "files"),
    }
    if not environ.get("EMAIL_URL"):
        wanted["MAILBOX_PATH"] = str(mailbox(home))
    return {name: environ.get(name) or value for name, value in wanted.items()}


def complete(environ: Mapping[str, str], added: Mapping[str, str]) -> dict[str, str]:
    """The whole environment of a child."""
    name, value = SET_BY_IMPORT
    mine = {key: text for key, text in environ.items() if (key, text) != (name, value)}
    return {**mine, **{key: mine.get(key) or text for key, text in added.items()}}


def mailbox(home: Home) -> Path:
    """The folder of the mails that the site "sends"; the web process runs as we do and reads it."""
    folder = home.path / "mail"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def web_port(environ: Mapping[str, str]) -> int:
    """The port of the site, from PORT."""
    text = environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise TroubleError(f"PORT is {text!r}: it must be a number between 1 and 65535.")
    return int(text)
