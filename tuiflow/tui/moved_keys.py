"""The keys a person has moved, as they are written, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from textual.binding import Binding, InvalidBinding
from textual.keys import Keys, key_to_character

_NAMED = frozenset(key.value for key in Keys)
_EVERYWHERE = frozenset({"page", "app"})
_DIALOGS = frozenset({"ask", "cancel", "command", "copy_as", "dialog", "help", "start"})


def read_moved(
    written: Mapping[str, str], known: Mapping[str, str]
) -> tuple[Mapping[str, str], Sequence[str]]:
    """Give the keys by the ids of their bindings as Textual names them, and the problems.

    `known` has the keys of all bindings, each as `j,down`.
    """
    moved: dict[str, str] = {}
    problems: list[str] = []
    for name, text in written.items():
        keys = _read(text)
        wrong = [key for key in keys if not _is_key(key)]
        if name not in known:
            problems.append(f"no binding {name!r}{_hint(name, known, ', ? names them')}")
        elif wrong or not keys:
            key = "".join(wrong[:1])
            problems.append(f"no key {key!r}, for {name}{_hint(key, _NAMED)}")
        else:
            moved[name] = ",".join(keys)
    return moved, [*problems, *sorted(set(_meetings(moved, {**known, **moved})))]


def _read(text: str) -> list[str]:
    try:
        keys = [binding.key for binding in Binding.make_bindings([Binding(text, "none")])]
    except InvalidBinding:
        return []
    return [key if len(key) == 1 else key.lower() for key in keys]


def _is_key(key: str) -> bool:
    name = key.rpartition("+")[2]
    return len(name) == 1 or name in _NAMED or key_to_character(name) is not None


def _hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    near = get_close_matches(word, [*known], n=1)
    return f"; did you mean {near[0]}?" if near else otherwise


def _meetings(moved: Mapping[str, str], keys: Mapping[str, str]) -> Iterator[str]:
    for name in moved:
        for other in keys:
            if other != name and _may_meet(name, other):
                for key in set(keys[name].split(",")) & set(keys[other].split(",")):
                    yield f"{key!r} is for {' and '.join(sorted((name, other)))}"


def _may_meet(name: str, other: str) -> bool:
    groups = {name.partition(".")[0], other.partition(".")[0]}
    return len(groups) == 1 or bool(groups & _EVERYWHERE and not groups & _DIALOGS)
