"""A folded state as bytes, and back: saves folding a long run again.

A line says what is true of the whole, one names the nodes, one says where they stand, and each
node has one of its own.
"""

import zlib
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from tuiflow.model.bulk import uncollected
from tuiflow.model.ids import NodePath
from tuiflow.model.kept_nodes import KeptNodes, write_node
from tuiflow.model.node_state import RunFacts
from tuiflow.model.outline import Outline
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.model.text import write_json

_QUICKEST = 1  # zlib's level: a tenth of the size in a tenth of the time


class _Head(NamedTuple):
    seq: int
    run: RunFacts
    outline: str | None
    """JSON, read only when a node has to grow out of it."""
    failed: frozenset[NodePath]
    with_media: frozenset[NodePath]


@cache
def fold_rules() -> str:
    """Name the code that folds: what another version of it made is not believed."""
    code = sorted(Path(__file__).parent.glob("*.py*"))
    return sha256(b"".join(file.read_bytes() for file in code)).hexdigest()[:16]


def write_snapshot(state: RunState) -> bytes | None:
    """Write a state; None for one that holds what JSON cannot."""
    outline = state.outlines.get(state.root) if state.root else None
    shape = None if outline is None else _outline_json(outline)
    head = _Head(state.seq, state.run, shape, state.failed, state.with_media)
    try:
        lines = [_head().dump_json(head, exclude_defaults=True)]
        lines.append(_paths().dump_json(list(state.nodes)))
        lines.append(_statuses().dump_json(state.statuses(state.nodes)))
        lines += [write_node(node) for node in state.nodes.values()]
    except (ValueError, RecursionError):
        return None
    return zlib.compress(b"\n".join(lines), _QUICKEST)


def read_snapshot(raw: bytes) -> RunState | None:
    """Read what `write_snapshot` has written; None for anything else."""
    try:
        head_line, paths, statuses, *texts = zlib.decompress(raw).split(b"\n")
        head = _head().validate_json(head_line)
        with uncollected():
            known = (_paths().validate_json(paths), _statuses().validate_json(statuses))
            nodes = KeptNodes(*known, texts)
    except (ValueError, RecursionError, zlib.error):
        return None
    return RunState(
        run=head.run,
        nodes=nodes,
        outlines=_Outlines(head.outline),
        seq=head.seq,
        failed=head.failed,
        with_media=head.with_media,
    )


def _outline_json(outline: Outline) -> str:
    return write_json(outline, exclude_defaults=True)


@cache
def _head() -> TypeAdapter[_Head]:
    return TypeAdapter(_Head)


@cache
def _paths() -> TypeAdapter[list[NodePath]]:
    return TypeAdapter(list[NodePath])


@cache
def _statuses() -> TypeAdapter[list[Status]]:
    return TypeAdapter(list[Status])


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
