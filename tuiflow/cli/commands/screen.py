"""`tuiflow [FOLDER|FILE]`: the full screen."""

import sys

from tuiflow.cli.arguments import Arguments
from tuiflow.errors import InputError
from tuiflow.tui.showing import Asked, run_app


def execute(arguments: Arguments) -> int:
    """Open the screen, stay in it until it is left, and say what goes on without it."""
    check_terminal()
    if last_line := run_app(Asked(arguments.target, arguments.db, arguments.python)):
        print(last_line)
    return 0


def check_terminal() -> None:
    """Refuse to draw into a pipe; raises InputError."""
    # Textual draws on stderr, and a person would see nothing of what goes into a file.
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise InputError("the screen needs a terminal; `tuiflow --help` lists the commands")
