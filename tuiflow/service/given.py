"""What a node was given and what it gave, derived from the nodes around it."""

from collections.abc import Iterator

from pydantic import JsonValue

from tuiflow.model.content import StoredContent
from tuiflow.model.ids import NodePath, parent_path, path_name
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.service.contents import (
    SHOWN_CHARS,
    ContentText,
    read_content,
    read_value,
    render_value,
)
from tuiflow.store import Store

_PART_BYTES = 1024 * 1024  # of one branch among several
_ALL_FROM_BEFORE = frozenset({NodeKind.PARALLEL, NodeKind.LOOP})
"""Branches start together, and a loop's turns each from what was there before it."""
_GAVE_SOMETHING = frozenset({Status.COMPLETED, Status.REUSED})


async def read_input(store: Store, state: RunState, path: NodePath) -> ContentText:
    """Write as JSON what a node was given besides the previous content."""
    given: dict[str, JsonValue] = {"input": None}
    if (stored := _input_of(state, path)) is not None:
        given["input"] = await read_value(store, stored, limit=_PART_BYTES)
    if state.run.additional_data is not None:
        given["additional_data"] = dict(state.run.additional_data)
    before: list[JsonValue] = list(outputs_before(state, path))
    if before:
        given["previous_outputs"] = before
    return render_value(given)


async def read_previous(
    store: Store, state: RunState, path: NodePath
) -> tuple[NodePath | None, ContentText | None]:
    """Read the content a node was handed as the previous step's; a composite's first step tells."""
    node = state.nodes.get(path)
    while node is not None and node.kind is not NodeKind.STEP:
        node = state.first_begun(node)
    if node is None or node.previous is None:
        return None, None
    before = state.nodes.get(node.previous)
    if before is not None and before.gave_nothing:
        return node.previous, None
    return node.previous, await _read_from(store, state, node.previous)


async def read_output(store: Store, state: RunState, path: NodePath) -> ContentText | None:
    """Read what a node gave; None while it has given nothing."""
    if path == state.root and state.run.content is not None:
        return await read_content(store, state.run.content)
    return await _read_from(store, state, path)


def media_before(state: RunState, path: NodePath) -> tuple[StoredMedium, ...]:
    """List the media a node could see: the run's, then what was made before it, in order."""
    return tuple(dict.fromkeys((*state.run.media, *_made_before(state, path))))


def _made_before(state: RunState, path: NodePath) -> Iterator[StoredMedium]:
    above = parent_path(path)
    if above is None or above not in state.nodes:
        return
    yield from _made_before(state, above)
    parent = state.nodes[above]
    if parent.kind in _ALL_FROM_BEFORE:
        return
    for child in state.begun_children(parent):
        if child.path == path:
            return
        yield from state.media_of(child.path)


def outputs_before(state: RunState, path: NodePath) -> Iterator[str]:
    """Name the outputs a node could ask for, outermost and first come first."""
    above = parent_path(path)
    if above is None or above not in state.nodes:
        return
    yield from outputs_before(state, above)
    parent = state.nodes[above]
    if parent.kind in _ALL_FROM_BEFORE:
        return
    for child in parent.children:
        if child == path:
            return
        node = state.nodes[child]
        if node.kind is not NodeKind.ELSE and node.status in _GAVE_SOMETHING:
            yield path_name(child)


def _input_of(state: RunState, path: NodePath) -> StoredContent | None:
    # Inside a nested run it is that one's.
    above: NodePath | None = path
    while above is not None:
        node = state.nodes.get(above)
        if node is not None and node.input is not None:
            return node.input
        above = parent_path(above)
    return state.run.input


async def _read_from(store: Store, state: RunState, path: NodePath) -> ContentText | None:
    node = _giver(state, path)
    if node is None:
        return None
    if node.content is not None:
        return await read_content(store, node.content)
    parts = await _read_branches(store, state, node)
    return render_value(parts, SHOWN_CHARS) if parts else None


async def _read_branches(store: Store, state: RunState, node: NodeState) -> dict[str, JsonValue]:
    parts: dict[str, JsonValue] = {}
    for child in node.children:
        giver = _giver(state, child)
        if giver is None or state.nodes[child].status not in _GAVE_SOMETHING:
            continue
        if giver.content is None:
            parts[path_name(child)] = await _read_branches(store, state, giver)
        else:
            parts[path_name(child)] = await read_value(store, giver.content, limit=_PART_BYTES)
    return parts


def _giver(state: RunState, path: NodePath) -> NodeState | None:
    # A step gives its own content, a Parallel that of all its branches, others their last one's.
    node = state.nodes.get(path)
    while node is not None and node.content is None:
        speaker = state.speaker_of(node)
        if speaker is None:
            return node if node.kind is NodeKind.PARALLEL else None
        node = speaker
    return node
