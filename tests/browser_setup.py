"""Sees to it that the browser tests have a Chromium: an installed one, Playwright's own, or the system's.

`make test` runs this before pytest. The tests use `launch` too, so that both mean the same browser.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

# The shell has no windows and so half the weight.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
)
ADVICE = "No Chromium starts here and none could be installed: install chromium, or set CHROMIUM to its path."


class NoBrowser(Exception):
    """No Chromium starts."""


def candidates() -> Iterator[Path | None]:
    """Programs to try in this order: CHROMIUM alone when it is set, else PATH's; None is Playwright's own."""
    if named := os.environ.get("CHROMIUM"):
        yield Path(named)
        return
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield None


def launch(playwright: Playwright) -> tuple[Browser, str]:
    """The first Chromium that really starts, and where it is. Raises NoBrowser."""
    for program in candidates():
        try:
            # A package of that name may be an empty promise (a snap's stub): only a start tells.
            browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        except Error:
            continue
        return browser, str(program or playwright.chromium.executable_path)
    raise NoBrowser(ADVICE)


def found() -> str | None:
    """What `launch` would use, in words."""
    with sync_playwright() as playwright:
        try:
            browser, program = launch(playwright)
        except NoBrowser:
            return None
        version = browser.version
        browser.close()
    return f"{program} ({version})"


def download() -> bool:
    return _run(sys.executable, "-m", "playwright", "install", "chromium")


def install() -> bool:
    """From the system's packages, which only root may do."""
    if os.geteuid() != 0:
        return False
    return _run("apt-get", "update") and any(
        _run("apt-get", "install", "-y", "--no-install-recommends", name)
        for name in ("chromium-headless-shell", "chromium")
    )


def main(ways: tuple[Callable[[], bool], ...] = (download, install)) -> int:
    browser = found()
    if browser is None and ways and "CHROMIUM" not in os.environ:
        print("Installing a Chromium for the browser tests (once).", flush=True)
        browser = next((now for way in ways if way() and (now := found())), None)
    if browser is None:
        print(ADVICE, file=sys.stderr)
        return 1
    print(f"Browser tests use {browser}.")
    return 0


def _run(*command: str) -> bool:
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main())
