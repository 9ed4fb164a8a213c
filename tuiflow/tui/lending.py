"""Lends the terminal to another program until it ends: to a pager, or to an editor."""

import os
import shlex
import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from textual.app import App, SuspendNotSupported

from tuiflow.errors import TerminalError


def has_editor() -> bool:
    """Say whether a person has named one."""
    return bool(os.environ.get("VISUAL") or os.environ.get("EDITOR"))


def editor() -> list[str]:
    """Give the editor's command; may raise TerminalError."""
    return _command("VISUAL", "EDITOR") or ["vi"]


def pager() -> list[str]:
    """Give the pager's command; may raise TerminalError."""
    return _command("PAGER") or ["less"]


def _command(*names: str) -> list[str]:
    name = next((name for name in names if os.environ.get(name, "").strip()), "")
    try:
        return shlex.split(os.environ.get(name, ""))
    except ValueError as error:
        raise TerminalError(f"${name} is no command: {error}") from error


def lend_terminal(app: App[Any], command: Sequence[str]) -> int:
    """Leave the screen to a program, and give what it exits with; may raise TerminalError."""
    try:
        with app.suspend():
            # What is raised in here would leave the screen suspended.
            ended = _run(command)
    except SuspendNotSupported:
        raise TerminalError("another program cannot take over this terminal") from None
    if isinstance(ended, TerminalError):
        raise ended
    return ended


def _run(command: Sequence[str]) -> int | TerminalError:
    # A ctrl+c is meant for the program, and comes here as well.
    before = signal.signal(signal.SIGINT, _leave_it)
    try:
        return subprocess.run(command, check=False).returncode
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        return TerminalError(f"cannot run {command[0]!r}: {why}; set $PAGER or $EDITOR")
    finally:
        signal.signal(signal.SIGINT, before)


def _leave_it(_: int, __: object) -> None:
    """Do nothing at a signal; unlike an ignored one, the program does not inherit it."""


def edit_text(app: App[Any], text: str, suffix: str = ".txt") -> str:
    """Have a text edited, and give what was saved; may raise TerminalError."""
    try:
        with TemporaryDirectory(prefix="tuiflow-") as folder:
            edited = _edited(app, editor(), Path(folder) / f"input{suffix}", text)
    except OSError as error:
        raise TerminalError(f"no file for the editor: {error}") from error
    # Most editors end the last line.
    return edited if text.endswith("\n") else edited.removesuffix("\n")


def _edited(app: App[Any], command: Sequence[str], file: Path, text: str) -> str:
    # By its path: many editors put a new file in the old one's place.
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    code = lend_terminal(app, [*command, str(file)])
    if code:
        raise TerminalError(f"{command[0]} ended with {code}; the text is what it was")
    try:
        return file.read_bytes().decode("utf-8", "surrogatepass")
    except (OSError, UnicodeDecodeError) as error:
        raise TerminalError(f"what {command[0]} saved cannot be read: {error}") from error
