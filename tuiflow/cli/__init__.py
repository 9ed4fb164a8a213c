"""The command line: arguments → service → lines and exit codes.

Nothing heavy is imported here: each command brings what it needs when it is chosen.
"""

import gc
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from io import TextIOWrapper
from typing import Any, cast

from tuiflow.cli.arguments import Arguments, parse_arguments
from tuiflow.cli.exit_codes import ExitCode, code_of_error
from tuiflow.cli.surroundings import check_folder, leave_output, open_streams, refusal
from tuiflow.errors import TuiflowError
from tuiflow.model.bulk import uncollected

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Do what was typed and give the exit code; the entry point of `tuiflow`."""
    if sys.platform == "win32":
        print("tuiflow: this works on Linux and macOS; on Windows use WSL", file=sys.stderr)
        return ExitCode.ERROR
    try:
        open_streams()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                # A terminal that cannot show a sign gets `?` for it rather than a traceback.
                stream.reconfigure(errors="replace")
        arguments = parse_arguments(sys.argv[1:] if argv is None else argv)
        code = _execute(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        leave_output()
        return ExitCode.BROKEN_PIPE
    except KeyboardInterrupt:
        return ExitCode.CANCELLED
    except (OSError, RuntimeError) as error:
        if (sentence := refusal(error)) is None:
            raise
        return _tell(TuiflowError(sentence))
    return code


def _execute(arguments: Arguments) -> int:
    # By name, so that `tuiflow list` does not pay for what `tuiflow run` needs.
    with uncollected():
        module = import_module(f"tuiflow.cli.commands.{arguments.command}")
        # It stays, and need not be looked through later either.
        gc.freeze()
    execute = cast("Callable[[Arguments], int]", module.execute)
    try:
        check_folder()
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

    # Where not even this can be written, the exit code still says it.
    with suppress(OSError):
        print(f"tuiflow: {safe_text(str(error))}", file=sys.stderr)
    return code_of_error(error)
