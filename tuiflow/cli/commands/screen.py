"""`tuiflow [FOLDER|FILE]`: the full screen."""

import os
import sys

from tuiflow.cli.arguments import Arguments
from tuiflow.errors import InputError
from tuiflow.tui.showing import Asked, run_app

_CANNOT_DRAW = {"dumb", "unknown"}


def execute(arguments: Arguments) -> int:
    """Open the screen, stay in it until it is left, and say what goes on without it."""
    check_terminal()
    if last_line := run_app(Asked(arguments.target, arguments.db, arguments.python)):
        print(last_line)
    return 0


def check_terminal() -> None:
    """Refuse to draw into a pipe, or where nothing can be drawn; raises InputError."""
    # Textual draws on stderr, and a person would see nothing of what goes into a file.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise InputError("the screen needs a terminal; `tuiflow --help` lists the commands")
    # A size of its own is made up for these, and to follow the real one would never end.
    if (name := os.environ.get("TERM", "")) in _CANNOT_DRAW:
        raise InputError(
            f"the screen cannot be drawn on a terminal of the kind TERM={name}; if it can more, "
            "say so: `TERM=xterm-256color tuiflow`"
        )
