"""The command line: arguments → service → lines and exit codes.

Nothing heavy is imported here: each command brings what it needs when it is chosen.
"""

import gc
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from typing import Any, cast

from tuiflow.cli.arguments import Arguments, parse_arguments
from tuiflow.cli.exit_codes import ExitCode, code_of_error
from tuiflow.errors import TuiflowError
from tuiflow.model.bulk import uncollected

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Do what was typed and give the exit code; the entry point of `tuiflow`."""
    if sys.platform == "win32":
        print("tuiflow: this works on Linux and macOS; on Windows use WSL", file=sys.stderr)
        return ExitCode.ERROR
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show a sign gets `?` for it rather than a traceback.
            stream.reconfigure(errors="replace")
    try:
        arguments = parse_arguments(sys.argv[1:] if argv is None else argv)
        code = _execute(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The interpreter flushes stdout once more at exit: it must find somebody who reads.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.BROKEN_PIPE
    except KeyboardInterrupt:
        return ExitCode.CANCELLED
    return code


def _execute(arguments: Arguments) -> int:
    # By name, so that `tuiflow list` does not pay for what `tuiflow run` needs.
    with uncollected():
        module = import_module(f"tuiflow.cli.commands.{arguments.command}")
        # It stays, and need not be looked through later either.
        gc.freeze()
    execute = cast("Callable[[Arguments], int]", module.execute)
    try:
        return execute(arguments)
    except (TuiflowError, BaseExceptionGroup) as error:
        told = _only_member(error)
        if not isinstance(told, TuiflowError):
            raise told from None
        return _tell(told)


def _only_member(error: BaseException) -> BaseException:
    """Open the groups that task groups wrap around a single error."""
    while isinstance(error, BaseExceptionGroup):
        members: Sequence[BaseException] = cast("Any", error).exceptions
        if len(members) != 1:
            break
        error = members[0]
    return error


def _tell(error: TuiflowError) -> int:
    from tuiflow.tui.safe_text import safe_text  # noqa: PLC0415 - only a failure needs it

    print(f"tuiflow: {safe_text(str(error))}", file=sys.stderr)
    return code_of_error(error)
