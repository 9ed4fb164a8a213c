"""Reads a row's columns of JSON: a damaged one never raises, and gives a value that says so."""

import sqlite3
from typing import TypeVar

from pydantic import JsonValue, TypeAdapter, ValidationError

from tuiflow.model.content import StoredContent
from tuiflow.model.failure import Failure
from tuiflow.model.outline import Outline
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium

DATA = TypeAdapter(dict[str, JsonValue])
KINDS = TypeAdapter(tuple[str, ...])
MEDIA = TypeAdapter(tuple[StoredMedium, ...])
OUTLINE = TypeAdapter(Outline)
_CONTENT = TypeAdapter(StoredContent)
_FAILURE = TypeAdapter(Failure)
_T = TypeVar("_T")


class Columns:
    """One row, and what was wrong with what was read of it."""

    def __init__(self, row: sqlite3.Row) -> None:
        self.problems: list[str] = []
        self._row = row

    def value(self, name: str, kind: TypeAdapter[_T]) -> _T | None:
        """Read a column, None where there is nothing or nothing that can be read."""
        text = self._row[name]
        if text is None:
            return None
        try:
            return kind.validate_json(text)
        except (ValueError, RecursionError) as error:
            self.problems.append(f"{name} cannot be read: {problem_of(error)}")
            return None

    def content(self, name: str) -> StoredContent | None:
        """Read a stored value; in place of a damaged one stands a preview that says so."""
        found = self.value(name, _CONTENT)
        if found is None and self._row[name] is not None:
            return StoredContent(type="unreadable", preview=self.problems[-1], restorable=False)
        return found

    def failure(self) -> Failure | None:
        """Read why the run failed."""
        found = self.value("failure", _FAILURE)
        if found is None and self._row["failure"] is not None:
            return Failure(type="unreadable", message=self.problems[-1])
        return found

    def status(self) -> Status:
        """Read where the run stands."""
        if (text := self._row["status"]) not in set(Status):
            self.problems.append(f"{text!r} is not a valid Status")
        return read_status(text)


def read_status(text: str) -> Status:
    """Read where a run stands; what is no status counts as crashed."""
    return Status(text) if text in set(Status) else Status.CRASHED


def problem_of(error: Exception) -> str:
    """Say in one line what was wrong with what is stored."""
    if isinstance(error, ValidationError):
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}" if place else first["msg"]
    return str(error)
