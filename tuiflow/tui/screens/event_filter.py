"""The filter line of the event browser: `run:7f3a kind:Step* level:warning text:EUR`."""

import difflib
import fnmatch
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import get_args

from tuiflow.model.run_event import LogLevel, WorkflowRunEvent

FIELDS = ("run", "kind", "step", "level", "text")
ALL = ":all"
_LEVELS: tuple[str, ...] = get_args(LogLevel)
_KINDS = tuple(str(kind) for kind in WorkflowRunEvent)
_ALIASES = {"type": "kind"}


@dataclass(frozen=True)
class EventFilter:
    """What a filter line asks for; words it could not read are named in `problems`."""

    run: str = ""
    """The tail of a run's id, or `last`."""
    kinds: frozenset[str] | None = None
    step: str = ""
    """A step's name, or a whole path."""
    levels: frozenset[str] | None = None
    text: str = ""
    is_all: bool = False
    """Also the kinds that their workflow's author has chosen to skip."""
    problems: tuple[str, ...] = field(default=())


def parse_filter(line: str) -> EventFilter:
    """Read a filter line; never raises, since half a word is typed before a whole one."""
    found: dict[str, list[str]] = {name: [] for name in FIELDS}
    problems: list[str] = []
    words = _words(line)
    for word in (word for word in words if word.lower() != ALL):
        name, colon, value = word.partition(":")
        name = _ALIASES.get(name.lower(), name.lower())
        if not colon:
            found["text"].append(word)
        elif name in found:
            if value:
                found[name].append(value)
        else:
            problems.append(f"no field {name!r}: {_nearest(name, FIELDS)}")
    return EventFilter(
        run=found["run"][-1] if found["run"] else "",
        kinds=_chosen(found["kind"], _match_kinds, problems),
        step=found["step"][-1] if found["step"] else "",
        levels=_chosen(found["level"], _match_levels, problems),
        text=" ".join(found["text"]),
        is_all=any(word.lower() == ALL for word in words),
        problems=tuple(problems),
    )


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        # A quote that is still open: the words as they stand.
        return line.replace('"', "").replace("'", "").split()


def _chosen(
    values: list[str], match: Callable[[str], frozenset[str]], problems: list[str]
) -> frozenset[str] | None:
    if not values:
        return None
    chosen: set[str] = set()
    for value in (part for given in values for part in given.split(",") if part):
        hits = match(value)
        if not hits:
            known = _KINDS if match is _match_kinds else _LEVELS
            problems.append(f"nothing is called {value!r}: {_nearest(value, known)}")
        chosen |= hits
    return frozenset(chosen) or None


def _match_kinds(value: str) -> frozenset[str]:
    pattern = value.lower()
    return frozenset(kind for kind in _KINDS if fnmatch.fnmatchcase(kind.lower(), pattern))


def _match_levels(value: str) -> frozenset[str]:
    # A level stands for itself and what is worse.
    value = {"warn": "warning", "err": "error"}.get(value.lower(), value.lower())
    return frozenset(_LEVELS[_LEVELS.index(value) :]) if value in _LEVELS else frozenset()


def _nearest(word: str, known: tuple[str, ...]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    if near:
        return f"did you mean {by_lower[near[0]]}?"
    shown = ", ".join(known[:6]) + (", …" if len(known) > 6 else "")
    return f"there are {shown}"
