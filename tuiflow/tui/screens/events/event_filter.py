"""The filter line of the event browser: `run:7f3a kind:Step* -kind:StepLog since:10m text~EUR`."""

import difflib
import fnmatch
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import get_args

from tuiflow.model.run_event import LogLevel, WorkflowRunEvent
from tuiflow.tui.screens.events.event_time import read_time

FIELDS = ("run", "kind", "step", "worker", "level", "status", "since", "until", "text")
ALL = ":all"
_LEVELS: tuple[str, ...] = get_args(LogLevel)
_KINDS = tuple(str(kind) for kind in WorkflowRunEvent)
_ALIASES = {"type": "kind", "node": "step", "event": "kind"}
_STATUSES: dict[str, tuple[str, ...]] = {
    "running": ("*Started", "WorkflowResumed", "StepRetrying"),
    "completed": ("*Completed",),
    "error": ("*Error", "WorkflowCrashed"),
    "cancelled": ("*Cancelled",),
    "crashed": ("WorkflowCrashed",),
    "skipped": ("StepSkipped",),
    "reused": ("StepReused",),
}
_VALUES = {"kind": _KINDS, "level": _LEVELS, "status": tuple(_STATUSES)}
_STATUS_ALIASES = {"failed": "error", "done": "completed", "canceled": "cancelled"}
# A word, with what stands in quotes kept whole; a quote that is still open goes to the end.
_WORD = re.compile(r"""(?:[^\s"']|"[^"]*(?:"|$)|'[^']*(?:'|$))+""")
_FIELD = re.compile(r"(-?)([A-Za-z_]+)([:~])(.*)", re.DOTALL)


@dataclass(frozen=True)
class EventFilter:
    """What a filter line asks for; words it could not read are named in `problems`."""

    run: str = ""
    """The tail of a run's id, or `last`."""
    kinds: frozenset[str] | None = None
    steps: tuple[str, ...] = ()
    """Names or paths, with `*` and `?`; one of them is to match."""
    not_steps: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    """Process ids or names of machines, with `*` and `?`."""
    levels: frozenset[str] | None = None
    text: str = ""
    not_texts: tuple[str, ...] = ()
    since: int | None = None
    """Microseconds."""
    until: int | None = None
    is_all: bool = False
    """Also the kinds that their workflow's author has chosen to skip."""
    problems: tuple[str, ...] = field(default=())
    bad_words: tuple[str, ...] = ()


def parse_filter(line: str, now: int = 0) -> EventFilter:
    """Read a filter line; never raises, since half a word is typed before a whole one."""
    return _Reading(now).read(line)


def words_of(line: str) -> list[str]:
    """Take a line apart; what stands in quotes is one word."""
    return _WORD.findall(line)


def without_last_word(line: str) -> str:
    """Take the last word away."""
    return "".join(f"{word} " for word in words_of(line)[:-1])


def words() -> list[str]:
    """List what a word may be, as far as that is known."""
    return [f"{name}:{value}" for name in FIELDS for value in _VALUES.get(name, ("",))]


def complete_word(line: str) -> str | None:
    """Give the line with its last word as whole as it can only become; None where it may vary."""
    begun = line.rpartition(" ")[2]
    name, colon, value = begun.partition(":")
    offers = [f"{it}:" for it in FIELDS] if not colon else _VALUES.get(name.lstrip("-"), ())
    typed = value if colon else begun.lstrip("-")
    hits = [it for it in offers if typed and it.lower().startswith(typed.lower())]
    return line[: len(line) - len(typed)] + hits[0] if hits and hits[0] != typed else None


class _Reading:
    """One line while it is read."""

    def __init__(self, now: int) -> None:
        self._now = now
        self._wanted: dict[str, list[str]] = {name: [] for name in FIELDS}
        self._unwanted: dict[str, list[str]] = {name: [] for name in FIELDS}
        self._problems: list[str] = []
        self._bad: list[str] = []

    def read(self, line: str) -> EventFilter:
        words = words_of(line)
        for word in words:
            if word.lower() != ALL:
                self._take(word)
        wanted, unwanted = self._wanted, self._unwanted
        return EventFilter(
            run=wanted["run"][-1] if wanted["run"] else "",
            kinds=self._kinds(),
            steps=tuple(wanted["step"]),
            not_steps=tuple(unwanted["step"]),
            workers=tuple(wanted["worker"]),
            levels=self._levels(),
            text=" ".join(wanted["text"]),
            not_texts=tuple(unwanted["text"]),
            since=self._time("since"),
            until=self._time("until"),
            is_all=any(word.lower() == ALL for word in words),
            problems=tuple(self._problems),
            bad_words=tuple(self._bad),
        )

    def _take(self, word: str) -> None:
        match = _FIELD.fullmatch(word)
        if match is None:
            self._wanted["text"].append(_unquoted(word))
            return
        minus, name, sign, value = match.groups()
        name, value = _ALIASES.get(name.lower(), name.lower()), _unquoted(value)
        if name not in FIELDS:
            self._complain(word, f"no field {name!r}: {_nearest(name, FIELDS)}")
        elif minus and name in {"run", "worker", "since", "until"}:
            self._complain(word, f"{name} cannot be left out with -")
        elif value:
            is_part = sign == "~" and name in {"kind", "step", "worker"}
            side = self._unwanted if minus else self._wanted
            side[name].append(f"*{value}*" if is_part else value)

    def _complain(self, word: str, problem: str) -> None:
        self._bad.append(word)
        self._problems.append(problem)

    def _kinds(self) -> frozenset[str] | None:
        asked = self._chosen("kind", self._wanted, _match_kinds, _KINDS)
        by_status = self._chosen("status", self._wanted, _match_statuses, tuple(_STATUSES))
        out = self._chosen("kind", self._unwanted, _match_kinds, _KINDS) or frozenset()
        out |= self._chosen("status", self._unwanted, _match_statuses, tuple(_STATUSES)) or set()
        sets = [some for some in (asked, by_status) if some is not None]
        if not sets and not out:
            return None
        return frozenset(_KINDS).intersection(*sets) - out

    def _levels(self) -> frozenset[str] | None:
        levels = self._chosen("level", self._wanted, _match_levels, _LEVELS)
        out = self._chosen("level", self._unwanted, _match_levels, _LEVELS)
        return levels if out is None else (levels or frozenset(_LEVELS)) - out

    def _chosen(
        self,
        name: str,
        side: dict[str, list[str]],
        match: Callable[[str], frozenset[str]],
        known: Sequence[str],
    ) -> frozenset[str] | None:
        chosen: set[str] = set()
        for value in (part for given in side[name] for part in given.split(",") if part):
            hits = match(value)
            if not hits:
                self._complain(value, f"nothing is called {value!r}: {_nearest(value, known)}")
            chosen |= hits
        return frozenset(chosen) or None

    def _time(self, name: str) -> int | None:
        if not self._wanted[name]:
            return None
        value = self._wanted[name][-1]
        at = read_time(value, self._now)
        if at is None:
            self._complain(value, f"{name}: {value!r} is no time: 10m, 2h, 14:02 or 2026-08-23")
        return at


def _unquoted(word: str) -> str:
    return word.replace('"', "").replace("'", "")


def _match_kinds(value: str) -> frozenset[str]:
    pattern = value.lower()
    return frozenset(kind for kind in _KINDS if fnmatch.fnmatchcase(kind.lower(), pattern))


def _match_statuses(value: str) -> frozenset[str]:
    patterns = _STATUSES.get(_STATUS_ALIASES.get(value.lower(), value.lower()), ())
    return frozenset(kind for kind in _KINDS for it in patterns if fnmatch.fnmatchcase(kind, it))


def _match_levels(value: str) -> frozenset[str]:
    # A level stands for itself and what is worse.
    value = {"warn": "warning", "err": "error"}.get(value.lower(), value.lower())
    return frozenset(_LEVELS[_LEVELS.index(value) :]) if value in _LEVELS else frozenset()


def _nearest(word: str, known: Sequence[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    if near:
        return f"did you mean {by_lower[near[0]]}?"
    shown = ", ".join(known[:6]) + (", …" if len(known) > 6 else "")
    return f"there are {shown}"
