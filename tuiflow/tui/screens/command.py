"""What can be said after `:` and chosen with ctrl+p: one small value for each command."""

import shlex
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from tuiflow.errors import InputError

if TYPE_CHECKING:
    from tuiflow.tui.screens.page import Page

Doing = Callable[["Page", Sequence[str]], Awaitable[None]]
Completing = Callable[["Page", Sequence[str]], Sequence[str]]


def _nothing(_: "Page", __: Sequence[str]) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Command:
    """Something to say: its word, what follows it, and what it does on the page it is said on."""

    name: str
    text: str
    """What it does, in a sentence."""
    do: Doing
    """May raise TuiflowError, which is shown as a notice."""
    takes: str = ""
    """What follows the word, as a usage line has it."""
    complete: Completing = _nothing
    """Words that may follow those that stand there already."""
    is_verbatim: bool = False
    """What follows is one text, quotes and all."""

    @property
    def needs_words(self) -> bool:
        """It says nothing by itself."""
        return bool(self.takes) and not self.takes.startswith("[")

    @property
    def usage(self) -> str:
        return f"{self.name} {self.takes}".rstrip()


def matching(commands: Sequence[Command], line: str, *, by_text: bool) -> list[Command]:
    """List the commands a line may become; `by_text` also looks into what they do, but last."""
    word, space, _ = line.partition(" ")
    word = word.lower()
    if by_text:
        parts = line.lower().split()
        found = [
            it for it in commands if all(part in f"{it.name} {it.text.lower()}" for part in parts)
        ]
        return sorted(found, key=lambda it: not it.name.startswith(word))
    if space:
        return [it for it in commands if it.name == word]
    return [it for it in commands if it.name.startswith(word)]


def completions(command: Command, page: "Page", line: str) -> list[str]:
    """List the whole lines a line may become, by the word that is being typed."""
    begun, space, last = line.rpartition(" ")
    if not space:
        return []
    try:
        before = shlex.split(begun)[1:]
    except ValueError:
        return []
    words = command.complete(page, before)
    return [f"{begun} {word}" for word in words if word.startswith(last)]


def read_line(commands: Sequence[Command], line: str) -> tuple[Command, Sequence[str]]:
    """Read a line, a word may be cut short while it is clear; raises InputError."""
    word, _, rest = line.strip().partition(" ")
    by_name = {command.name: command for command in commands}
    begun = [name for name in by_name if word and name.startswith(word.lower())]
    name = word.lower() if word.lower() in by_name else begun[0] if len(begun) == 1 else None
    if name is None:
        raise InputError(_unknown(word, begun, list(by_name)))
    command = by_name[name]
    try:
        words = [rest] if command.is_verbatim and rest else shlex.split(rest)
    except ValueError as error:
        raise InputError("a quote is still open") from error
    if command.needs_words and not words:
        raise InputError(f"what follows {name} is missing: {command.usage}")
    if words and not command.takes:
        raise InputError(f"nothing follows {name}")
    return command, words


def _unknown(word: str, begun: Sequence[str], known: Sequence[str]) -> str:
    if begun:
        return f"{word!r} may be {' or '.join(begun)}"
    near = get_close_matches(word.lower(), known, n=1, cutoff=0.5)
    return f"there is no command {word!r}" + (f"; did you mean {near[0]}?" if near else "")
