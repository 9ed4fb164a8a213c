"""Lends the terminal to another program until it ends: to a pager, or to an editor."""

import os
import shlex
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
    """Give the editor's command."""
    return shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi")


def pager() -> list[str]:
    """Give the pager's command."""
    return shlex.split(os.environ.get("PAGER") or "less")


def lend_terminal(app: App[Any], command: Sequence[str]) -> int:
    """Leave the screen to a program, and give what it exits with; may raise TerminalError."""
    try:
        with app.suspend():
            return subprocess.run(command, check=False).returncode
    except SuspendNotSupported:
        raise TerminalError("another program cannot take over this terminal") from None
    except OSError as error:
        words = f"cannot run {command[0]!r}: {error.strerror}; set $PAGER or $EDITOR"
        raise TerminalError(words) from error


def edit_text(app: App[Any], text: str, suffix: str = ".txt") -> str:
    """Have a text edited, and give what was saved; may raise TerminalError."""
    command = editor()
    with TemporaryDirectory(prefix="tuiflow-") as folder:
        # By its path: many editors put a new file in the old one's place.
        file = Path(folder) / f"input{suffix}"
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
        code = lend_terminal(app, [*command, str(file)])
        if code:
            raise TerminalError(f"{command[0]} ended with {code}; the text is what it was")
        try:
            edited = file.read_bytes().decode("utf-8", "surrogatepass")
        except (OSError, UnicodeDecodeError) as error:
            raise TerminalError(f"what {command[0]} saved cannot be read: {error}") from error
    # Most editors end the last line.
    return edited if text.endswith("\n") else edited.removesuffix("\n")
