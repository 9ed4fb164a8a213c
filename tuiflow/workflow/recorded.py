"""Makes values and step outputs of what is recorded of a run."""

from collections.abc import Mapping
from typing import Any

from tuiflow.engine import StepOutput
from tuiflow.model.content import NotRestorableError, StoredContent, decode_content
from tuiflow.model.ids import NodePath
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status

Blobs = Mapping[str, bytes]


def read_content(stored: StoredContent | None, blobs: Blobs) -> Any:
    """Give a stored value back with its type; what cannot be given back as its preview."""
    if stored is None:
        return None
    try:
        return decode_content(stored, blobs.get(stored.blob or ""))
    except NotRestorableError:
        return stored.preview or stored.value


def read_outputs(state: RunState, above: NodePath, blobs: Blobs) -> list[StepOutput]:
    """Make the outputs of a node's children that began, from what is recorded."""
    children = [state.nodes[path] for path in state.nodes[above].children]
    found: list[StepOutput] = []
    for node in children:
        if node.kind is NodeKind.ELSE:
            found.extend(read_outputs(state, node.path, blobs))
        elif node.started_at is not None:
            found.append(_read_output(state, node, blobs))
    return found


def _read_output(state: RunState, node: NodeState, blobs: Blobs) -> StepOutput:
    inside = read_outputs(state, node.path, blobs)
    return StepOutput(
        content=_read_node_content(state, node, inside, blobs),
        success=node.status in {Status.COMPLETED, Status.SKIPPED, Status.REUSED},
        error=node.failure.summary if node.failure else None,
        step_name=node.name,
        step_type=node.kind,
        executor_name=node.executor_name or None,
        step_run_id=f"{state.run.run_id}:{node.path}",
        steps=inside,
        node_path=node.path,
        content_path=state.content_path(node.path),
        ran=node.status is not Status.SKIPPED,
    )


def _read_node_content(
    state: RunState, node: NodeState, inside: list[StepOutput], blobs: Blobs
) -> Any:
    if node.content is not None:
        return read_content(node.content, blobs)
    if node.kind is NodeKind.PARALLEL:
        return {output.step_name: output.content for output in inside}
    ran = [output for output in inside if output.ran and output.node_path]
    last = max(ran, key=lambda output: _start_of(state, output), default=None)
    return last.content if last else None


def _start_of(state: RunState, output: StepOutput) -> int:
    return state.nodes[output.node_path].started_at or 0 if output.node_path else 0
