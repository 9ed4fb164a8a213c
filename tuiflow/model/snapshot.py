"""A folded state as bytes, and back: saves folding a long run again.

Its nodes stand in lines, a thousand in each: reading one lets no other thread in.
"""

import zlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from tuiflow.model.bulk import uncollected
from tuiflow.model.ids import NodePath
from tuiflow.model.node_state import NodeState, RunFacts
from tuiflow.model.outline import Outline
from tuiflow.model.run_state import RunState
from tuiflow.model.text import write_json

_LINE = 1000  # nodes
_QUICKEST = 1  # zlib's level: a tenth of the size in a tenth of the time


class _Head(NamedTuple):
    seq: int
    run: RunFacts
    outline: str | None
    """JSON, read only when a node has to grow out of it."""


@cache
def fold_rules() -> str:
    """Name the code that folds: what another version of it made is not believed."""
    code = sorted(Path(__file__).parent.glob("*.py*"))
    return sha256(b"".join(file.read_bytes() for file in code)).hexdigest()[:16]


def write_snapshot(state: RunState) -> bytes | None:
    """Write a state; None for one that holds what JSON cannot."""
    outline = state.outlines.get(state.root) if state.root else None
    head = _Head(state.seq, state.run, None if outline is None else _outline_json(outline))
    nodes = iter(state.nodes.values())
    try:
        lines = [_head().dump_json(head, exclude_defaults=True)]
        while line := tuple(islice(nodes, _LINE)):
            lines.append(_nodes().dump_json(line, exclude_defaults=True))
    except (ValueError, RecursionError):
        return None
    return zlib.compress(b"\n".join(lines), _QUICKEST)


def read_snapshot(raw: bytes) -> RunState | None:
    """Read what `write_snapshot` has written; None for anything else."""
    try:
        first, *lines = zlib.decompress(raw).split(b"\n")
        head = _head().validate_json(first)
        with uncollected():
            nodes = {node.path: node for line in lines for node in _nodes().validate_json(line)}
    except (ValueError, RecursionError, zlib.error):
        return None
    if not _is_whole(nodes):
        return None
    return RunState(head.run, nodes, _Outlines(head.outline), head.seq)


def _is_whole(nodes: Mapping[NodePath, NodeState]) -> bool:
    return all(child in nodes for node in nodes.values() for child in node.children)


def _outline_json(outline: Outline) -> str:
    return write_json(outline, exclude_defaults=True)


@cache
def _head() -> TypeAdapter[_Head]:
    return TypeAdapter(_Head)


@cache
def _nodes() -> TypeAdapter[Sequence[NodeState]]:
    return TypeAdapter(tuple[NodeState, ...])


class _Outlines(Mapping[NodePath, Outline]):
    """The shape of a run that is read when it is needed, which is seldom: it may be large."""

    def __init__(self, text: str | None) -> None:
        self._text = text
        self._read: dict[NodePath, Outline] | None = None

    def __getitem__(self, path: NodePath) -> Outline:
        return self._outlines[path]

    def __iter__(self) -> Iterator[NodePath]:
        return iter(self._outlines)

    def __len__(self) -> int:
        return len(self._outlines)

    @property
    def _outlines(self) -> dict[NodePath, Outline]:
        if self._read is None:
            try:
                outline = Outline.model_validate_json(self._text) if self._text else None
            except (ValueError, RecursionError):
                outline = None
            self._read = dict(outline.walk()) if outline else {}
        return self._read
