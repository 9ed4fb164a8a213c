"""Ids, and the paths that name a node inside a run."""

import re
from collections.abc import Iterable, Iterator
from typing import NewType
from urllib.parse import unquote

RunId = NewType("RunId", str)
SessionId = NewType("SessionId", str)
NodePath = NewType("NodePath", str)
Revision = NewType("Revision", str)

SHORTEST_TAIL = 4  # characters
_RESERVED = frozenset("/[]~%")
_ITERATION = re.compile(r"\[\d+\]")
_AMONG_SIBLINGS = re.compile(r"~\d+(?=\[|$)")


def new_run_id() -> RunId:
    """Make a UUIDv7: ids sort by the time they were made."""
    # Deferred: a worker is given its run's id and needs the library only for nested runs.
    from uuid_utils import uuid7  # noqa: PLC0415

    return RunId(str(uuid7()))


def short_id(run_id: str) -> str:
    """Give the tail a person sees and types."""
    return run_id[-SHORTEST_TAIL:]


def encode_name(name: str) -> str:
    """Write a name as a path segment: reserved characters and controls are percent-encoded."""
    return "".join(_encode_char(char) if _is_reserved(char) else char for char in name)


def sibling_segments(names: Iterable[str]) -> list[str]:
    """Give each child its segment; the second of a name among siblings becomes `name~2`."""
    return [nth_segment(name, count) for name, count in _counted(names)]


def sibling_names(names: Iterable[str]) -> list[str]:
    """Give each child a name of its own, for a person: the second of one becomes `name~2`."""
    return [_numbered(name, count) for name, count in _counted(names)]


def nth_segment(name: str, count: int) -> str:
    """Write the segment of the n-th of a name among siblings, counted from 1."""
    return _numbered(encode_name(name), count)


def root_path(name: str) -> NodePath:
    """Start a path at the workflow."""
    return NodePath(encode_name(name))


def child_path(parent: NodePath, segment: str) -> NodePath:
    """Go one segment down."""
    return NodePath(f"{parent}/{segment}")


def outline_path(path: NodePath) -> NodePath:
    """Say where a node stands in its workflow's outline, where a loop has one body."""
    return NodePath(_ITERATION.sub("", path))


def parent_path(path: NodePath) -> NodePath | None:
    """Go one level up; an iteration's parent is its loop, the workflow has none."""
    if path.endswith("]") and "[" in path:
        return NodePath(path[: path.rindex("[")])
    head, slash, _ = path.rpartition("/")
    return NodePath(head) if slash else None


def upwards(path: NodePath) -> Iterator[NodePath]:
    """Give a node, then each that it stands in, up to the workflow."""
    above: NodePath | None = path
    while above is not None:
        yield above
        above = parent_path(above)


def is_within(path: NodePath, above: NodePath) -> bool:
    """Say whether a node is another, or stands below it."""
    return path == above or path.startswith((f"{above}/", f"{above}["))


def with_all_above(paths: Iterable[NodePath]) -> set[NodePath]:
    """Give nodes together with all that they stand under."""
    found: set[NodePath] = set()
    for path in paths:
        above: NodePath | None = path
        while above is not None and above not in found:
            found.add(above)
            above = parent_path(above)
    return found


def path_name(path: NodePath) -> str:
    """Give the last segment as a person tells it from those beside it: `geo~2`, `again[3]`."""
    return unquote(path.rpartition("/")[2])


def step_name(path: NodePath) -> str:
    """Give the last segment as its author wrote the name, with an iteration's number kept."""
    return unquote(_AMONG_SIBLINGS.sub("", path.rpartition("/")[2]))


def display_path(path: NodePath) -> str:
    """Join the names for a person: `etl › enrich › geo`."""
    return " › ".join(unquote(segment) for segment in path.split("/"))


def _counted(names: Iterable[str]) -> Iterator[tuple[str, int]]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name, seen[name]


def _numbered(name: str, count: int) -> str:
    return name if count == 1 else f"{name}~{count}"


def _is_reserved(char: str) -> bool:
    return char in _RESERVED or not char.isprintable()


def _encode_char(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogatepass"))
