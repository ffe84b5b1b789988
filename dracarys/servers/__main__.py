"""`python -m dracarys.servers run | exec -- COMMAND… | reset`."""

import argparse
import os
import sys
from pathlib import Path

from dracarys.servers.preflight import trouble_with_platform
from dracarys.servers.trouble import TroubleError, sentence

PROJECT = Path(__file__).resolve().parents[2]


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m dracarys.servers", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="run the site until Ctrl-C")
    commands.add_parser("reset", help="remove the data of the zero-setup run")
    commands.add_parser("exec", help="run a command with the servers: exec -- COMMAND...")
    # Everything after `exec --` belongs to the command, whatever it looks like.
    own, words = partition(arguments, "--")
    options = parser.parse_args(own)
    if (options.command == "exec") != bool(words):
        parser.error("the command belongs after `exec --`")
    options.words = words
    return options


def partition(words: list[str], separator: str) -> tuple[list[str], list[str]]:
    """The words before and after the first separator."""
    if separator not in words:
        return words, []
    at = words.index(separator)
    return words[:at], words[at + 1 :]


def dispatch(options: argparse.Namespace) -> int:
    """Run the command; its exit code."""
    if os.name == "nt":
        raise TroubleError(trouble_with_platform() or "Dracarys does not run on Windows.")
    from dracarys.servers import commands

    if options.command == "exec":
        return commands.execute(PROJECT, os.environ, options.words)
    if options.command == "reset":
        commands.reset(PROJECT)
    else:
        commands.run(PROJECT, os.environ)
    return 0


def main() -> None:
    """A sentence instead of a traceback for what is wrong with the machine; bugs keep theirs."""
    try:
        sys.exit(dispatch(parsed(sys.argv[1:])))
    except TroubleError as trouble:
        sys.exit(str(trouble))
    except OSError as error:
        sys.exit(sentence(error))


if __name__ == "__main__":
    main()
