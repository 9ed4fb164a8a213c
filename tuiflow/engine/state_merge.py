"""Merges what the branches of a Parallel made of the session's state they all began with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from tuiflow.errors import SessionStateError

State = Mapping[str, Any]
_MISSING = object()


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch that has done its work: its name and the state it left."""

    name: str
    state: State


def merge_branches(base: State, branches: Sequence[Branch]) -> dict[str, Any]:
    """Merge the changes of all branches, in the order they are declared.

    Raises SessionStateError with the key and the first two branches that disagree about it.
    """
    return _merge(base, branches, above="", goes_down=True)


def _merge(
    base: State, branches: Sequence[Branch], *, above: str, goes_down: bool
) -> dict[str, Any]:
    merged = dict(base)
    for key in _keys(base, branches):
        before = base.get(key, _MISSING)
        changed = [
            Branch(each.name, {"": each.state.get(key, _MISSING)})
            for each in branches
            if not _is_same(each.state.get(key, _MISSING), before)
        ]
        if changed:
            value = _settle(f"{above}{key}", before, changed, goes_down=goes_down)
            if value is _MISSING:
                merged.pop(key, None)
            else:
                merged[key] = value
    return merged


def _settle(key: str, before: object, changed: Sequence[Branch], *, goes_down: bool) -> object:
    values = [each.state[""] for each in changed]
    if len(values) == 1:
        return values[0]
    if (joined := _join_lists(before, values)) is not None:
        return joined
    if all(_is_same(value, values[0]) for value in values):
        return values[0]
    old = {} if before is _MISSING else before
    if goes_down and all(isinstance(each, dict) for each in (old, *values)):
        inside = [Branch(each.name, each.state[""]) for each in changed]
        return _merge(cast("State", old), inside, above=f"{key}.", goes_down=False)
    first = changed[0]
    other = next(each for each in changed if not _is_same(each.state[""], values[0]))
    raise SessionStateError(
        f"session_state[{key!r}] was changed in two ways: by {first.name} and by {other.name}"
    )


def _join_lists(before: object, values: Sequence[Any]) -> list[object] | None:
    """Join what each appended; None where one did something else. A list made twice is one."""
    if before is _MISSING and all(_is_same(value, values[0]) for value in values):
        return None
    joined: list[object] = []
    if before is not _MISSING:
        if not isinstance(before, list):
            return None
        joined += cast("list[object]", before)
    start = joined[:]
    for value in values:
        if type(value) is not list or not _is_same(
            cast("list[object]", value[: len(start)]), start
        ):
            return None
        joined += value[len(start) :]
    return joined


def _keys(base: State, branches: Sequence[Branch]) -> list[str]:
    return list(
        dict.fromkeys(key for state in (base, *(b.state for b in branches)) for key in state)
    )


def _is_same(one: object, other: object) -> bool:
    # True is no 1, at any depth, as it is not in what is stored.
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        mine, theirs = cast("dict[Any, Any]", one), cast("dict[Any, Any]", other)
        return mine.keys() == theirs.keys() and all(_is_same(mine[k], theirs[k]) for k in mine)
    if isinstance(one, list | tuple):
        left, right = cast("list[Any]", one), cast("list[Any]", other)
        return len(left) == len(right) and all(map(_is_same, left, right))
    return bool(one == other)
