"""Can this machine make the virtual environment? Asked before there is one.

`make` runs this file with whatever Python it finds, so it uses the standard library only, and nothing
an old Python could not even parse.
"""

# ruff: noqa: UP031, UP036 (newer ways to write it are a syntax error there)

import os
import platform
import sys

PLATFORMS = "glibc Linux and macOS, on x86_64 and arm64"


def trouble_with_python():
    # type: () -> str | None
    """The sentence about the interpreter, or None."""
    if sys.version_info < (3, 11):
        return "Dracarys needs Python 3.11 or newer and this is %s: try `make PYTHON=python3.12 ...`." % (
            platform.python_version()
        )
    from importlib.util import find_spec

    if find_spec("ensurepip") is None or find_spec("venv") is None:
        return "This Python cannot make virtual environments: install its venv package (python3-venv)."
    return None


def trouble_with_platform():
    # type: () -> str | None
    """The sentence about a machine for which the PostgreSQL and Valkey wheels do not exist, or None."""
    known = platform.machine() in ("x86_64", "AMD64", "aarch64", "arm64")
    glibc = sys.platform.startswith("linux") and platform.libc_ver()[0] == "glibc"
    if known and (glibc or sys.platform == "darwin"):
        return None
    where = "Windows (use WSL)" if os.name == "nt" else "%s on %s" % (sys.platform, platform.machine())
    if sys.platform.startswith("linux") and not glibc:
        where = "Linux without glibc, such as Alpine (use a Debian image)"
    return "Our PostgreSQL and Valkey exist for %s, not for %s." % (PLATFORMS, where)


def trouble_with_folder():
    # type: () -> str | None
    """The sentence about the current folder, the project's, when nothing can be made in it, or None."""
    if os.path.lexists(".venv") and not os.access(".venv", os.W_OK):
        return ".venv is not yours or its Python has gone: run as its owner, or remove it."
    if not os.access(".", os.W_OK):
        return "This folder cannot be written: run as its owner, or change its permissions."
    return None


def main():
    # type: () -> None
    """Exit with one sentence, or quietly."""
    sentence = trouble_with_python() or trouble_with_platform() or trouble_with_folder()
    if sentence:
        sys.stderr.write(sentence + "\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
