"""What a run changed of its session's state, as its events tell it and as it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, JsonValue, SkipValidation

StoredState = Mapping[str, JsonValue]
"""A session's values by their keys, each with its type in tags."""


class StateChanges(BaseModel):
    """The keys that got another value, and those that were taken out."""

    model_config = ConfigDict(frozen=True)

    values: SkipValidation[dict[str, JsonValue]] = {}
    removed: tuple[str, ...] = ()


@dataclass(slots=True)
class SeenState:
    """A session's stored state as one run knows it: what it loaded, and what it saved since."""

    values: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    def lay_on(self, stored: dict[str, Any], changes: StateChanges) -> tuple[str, ...]:
        """Put changes onto what is stored now; give the keys that others have changed meanwhile.

        The last writer of a key has it; keys that did not change here stay as others left them.
        """
        lost = [
            key
            for key, value in changes.values.items()
            if self._was_changed(stored, key) and stored.get(key, ...) != value
        ]
        lost += [key for key in changes.removed if key in stored and self._was_changed(stored, key)]
        stored.update(changes.values)
        for key in changes.removed:
            stored.pop(key, None)
        return tuple(lost)

    def keep(self, changes: StateChanges) -> None:
        """Know that these changes are saved."""
        self.values.update(changes.values)
        for key in changes.removed:
            self.values.pop(key, None)

    def _was_changed(self, stored: StoredState, key: str) -> bool:
        return stored.get(key, ...) != self.values.get(key, ...)


def conflict_sentence(session_id: str, keys: tuple[str, ...]) -> str:
    """Say that another run's values were replaced."""
    named = ", ".join(map(repr, keys))
    return (
        f"session {session_id!r}: another run has changed {named} since this one read it; "
        "the value saved last is kept"
    )
