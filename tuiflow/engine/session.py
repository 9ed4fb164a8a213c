"""The session's state as the steps of a run see it: loaded once, checked and told as it changes."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import JsonValue

from tuiflow.errors import SessionStateError
from tuiflow.model.content import NotRestorableError, decode_value, encode_value, write_tagged
from tuiflow.model.session import StateChanges, StoredState


class SessionState:
    """One dictionary that steps share, and what of it is known to be stored."""

    __slots__ = ("_texts", "is_branch", "left_out", "values")

    def __init__(self, values: dict[str, Any], *, is_branch: bool = False) -> None:
        self.values = values
        self.left_out: dict[str, str] = {}
        """Stored keys whose value cannot be read back here, each with the reason."""
        self._texts: dict[str, str] = {}
        self.is_branch = is_branch

    def branch(self) -> "SessionState":
        """Give a deep copy, whose changes are not stored before they are merged."""
        branch = SessionState(deepcopy(self.values) if self.values else {}, is_branch=True)
        branch._texts = dict(self._texts)
        return branch

    def take_changes(self) -> StateChanges | None:
        """Give what has changed since the last look, None for nothing.

        Raises SessionStateError for values without a stored form, and puts their keys back.
        """
        if not self.values and not self._texts:
            return None
        changed: dict[str, JsonValue] = {}
        written = {key: _write(key, value) for key, value in list(self.values.items())}
        refused = [key for key, each in written.items() if isinstance(each, SessionStateError)]
        for key in refused:
            self._put_back(key)
        for key, each in written.items():
            if isinstance(each, SessionStateError):
                raise each
            tagged, text = each
            if self._texts.get(key) != text:
                changed[key], self._texts[key] = tagged, text
        removed = tuple(key for key in self._texts if key not in self.values)
        for key in removed:
            del self._texts[key]
        if not (changed or removed):
            return None
        return StateChanges(values=changed, removed=removed)

    def replace(self, values: Mapping[str, Any]) -> None:
        """Make the dictionary hold these, where steps have it already."""
        for key in [key for key in self.values if key not in values]:
            del self.values[key]
        self.values.update(values)

    def apply(self, changes: StateChanges) -> None:
        """Make the changes of an earlier episode; a value that cannot be read back is left out."""
        for key, tagged in changes.values.items():
            try:
                self.know(key, tagged)
            except NotRestorableError as error:
                self.left_out[key] = str(error)
        for key in changes.removed:
            self.values.pop(key, None)
            self._texts.pop(key, None)

    def know(self, key: str, tagged: JsonValue) -> None:
        """Take a stored value over; raises NotRestorableError."""
        self.values[key] = decode_value(tagged)
        self._texts[key] = write_tagged(tagged)

    def _put_back(self, key: Any) -> None:
        if key in self._texts:
            self.values[key] = decode_value(json.loads(self._texts[key]))
        else:
            del self.values[key]


def _write(key: object, value: object) -> tuple[JsonValue, str] | SessionStateError:
    try:
        tagged = encode_value(value)
        text = write_tagged(tagged)
    except (TypeError, ValueError, RecursionError) as error:
        problem = str(error)
    else:
        if isinstance(key, str):
            return tagged, text
        problem = "its key is no text"
    return SessionStateError(
        f"session_state[{key!r}] cannot be stored: {problem}; "
        "it takes JSON values and pydantic models"
    )


def open_session(
    defaults: Mapping[str, Any], stored: StoredState, given: Mapping[str, Any]
) -> SessionState:
    """Begin with the workflow's own values, over them the stored ones, over them the run's."""
    session = SessionState(deepcopy(dict(defaults)))
    for key, tagged in stored.items():
        try:
            session.know(key, tagged)
        except NotRestorableError as error:
            session.values.pop(key, None)
            session.left_out[key] = str(error)
    session.values.update(deepcopy(dict(given)))
    return session
