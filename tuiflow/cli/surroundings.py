"""What the system gives a command, or refuses: its streams, its folder, and all it asks for."""

import errno
import os
import sys
from contextlib import suppress

from tuiflow.errors import CatalogError

_STANDARD = (0, 1, 2)
_NO_THREAD = "can't start new thread"
_NO_PROCESS = (
    "no more processes or threads can be started: end some, or allow more with `ulimit -u`"
)
_SENTENCES = {
    errno.EMFILE: "too many open files for one process: allow more with `ulimit -n`",
    errno.ENFILE: "too many open files in the whole system",
    errno.EAGAIN: _NO_PROCESS,
    errno.ENOMEM: "there is not enough memory",
}

_UNWRITTEN = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}
"""Without a name of a file it is a stream that says it."""


def open_streams() -> None:
    """Let the null device stand in for a standard stream that is closed.

    What is opened next would have its number, and be printed into or given to children for it.
    """
    while (opened := os.open(os.devnull, os.O_RDWR)) in _STANDARD:
        os.set_inheritable(opened, True)  # noqa: FBT003 - the standard library takes it by place
    os.close(opened)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - for as long as the process
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 - as above
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115 - as above


def check_folder() -> None:
    """Refuse to start from a folder that is gone or out of reach; raises CatalogError."""
    try:
        os.stat(os.getcwd())
    except OSError as error:
        raise CatalogError(
            f"the folder this was started in cannot be used ({error.strerror}): "
            "change to another one"
        ) from error


def refusal(error: Exception) -> str | None:
    """Say what the system has refused; None where this error is something else."""
    match error:
        case OSError(errno=int(number)) if number in _SENTENCES:
            return _SENTENCES[number]
        case OSError(filename=str(name), strerror=str(words)):
            return f"{name}: {words}"
        case OSError(errno=int(number), strerror=str(words)) if number in _UNWRITTEN:
            leave_output()
            return f"the output cannot be written: {words}"
        case OSError(strerror=str(words)):
            return words
        case RuntimeError() if str(error) == _NO_THREAD:
            return _NO_PROCESS
        case _:
            return None


def leave_output() -> None:
    """Drop what nobody takes: the interpreter flushes stdout once more at exit."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
