"""What a run gave, for whoever asked for it: now or later, here or in another process."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pydantic import JsonValue

from tuiflow.engine import StepOutput
from tuiflow.engine.step_io import CANCELLED, Verdict, content_text, verdict
from tuiflow.model.content import NotRestorableError, StoredContent, decode_content, encode_content
from tuiflow.model.events import Event
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, RunId, sibling_names
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status

Blobs = Mapping[str, bytes]
_NOT_OVER = frozenset({Status.PENDING, Status.RUNNING, Status.PAUSED})


@dataclass(frozen=True, kw_only=True)
class WorkflowExecutionInput:
    """What a run was started with."""

    input: Any = None
    additional_data: dict[str, Any] | None = None


@dataclass(kw_only=True)
class WorkflowRunOutput:
    """A run as it stands; times are microseconds since 1970, UTC."""

    run_id: RunId
    workflow_name: str
    status: Status
    input: Any = None
    content: Any = None
    step_results: list[StepOutput] = field(default_factory=list[StepOutput])
    error: str | None = None
    failure: Failure | None = None
    reason: str = ""
    """Why it was cancelled, or how it was found crashed."""
    session_id: str | None = None
    user_id: str | None = None
    parent_run_id: RunId | None = None
    additional_data: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None
    created_at: int = 0
    started_at: int | None = None
    ended_at: int | None = None
    read_events: Callable[[], list[Event]] = field(default=list, repr=False, compare=False)

    @cached_property
    def events(self) -> list[Event]:
        """The run's events, read when they are first asked for."""
        return self.read_events()

    @property
    def content_type(self) -> str:
        return type(self.content).__name__

    @property
    def is_cancelled(self) -> bool:
        return self.status is Status.CANCELLED

    def has_completed(self) -> bool:
        """Say whether the run is over, well or badly."""
        return self.status not in _NOT_OVER

    def get_content_as_string(self) -> str:
        """Give the content as text, values as indented JSON."""
        return content_text(self.content)

    @property
    def metrics(self) -> dict[str, JsonValue]:
        """Seconds the run and each node took: `{"duration": 1.2, "steps": {"w/a": 0.4}}`."""
        nodes = RunState().after(self.events).nodes
        steps: dict[str, JsonValue] = {
            path: _seconds(node.started_at, node.ended_at)
            for path, node in nodes.items()
            if node.started_at is not None
        }
        return {"duration": _seconds(self.started_at, self.ended_at), "steps": steps}

    def to_dict(self) -> dict[str, JsonValue]:
        """Give it as plain JSON values; contents keep their type in a tag."""
        return {
            "run_id": self.run_id,
            "workflow_name": self.workflow_name,
            "status": str(self.status),
            "input": _as_json(self.input),
            "content": _as_json(self.content),
            "content_type": self.content_type,
            "step_results": [_output_dict(output) for output in self.step_results],
            "error": self.error,
            "reason": self.reason,
            "session_id": self.session_id,
            "user_id": self.user_id,
            "parent_run_id": self.parent_run_id,
            "additional_data": _as_json(self.additional_data),
            "metadata": _as_json(self.metadata),
            "created_at": self.created_at,
            "started_at": self.started_at,
            "ended_at": self.ended_at,
        }


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
    found: list[StepOutput] = []
    for node in state.begun_children(state.nodes[above]):
        if node.kind is NodeKind.ELSE:
            found.extend(read_outputs(state, node.path, blobs))
        else:
            found.append(_read_output(state, node, blobs))
    return found


def _read_output(state: RunState, node: NodeState, blobs: Blobs) -> StepOutput:
    inside = read_outputs(state, node.path, blobs)
    return StepOutput(
        content=_read_node_content(state, node, inside, blobs),
        **_read_verdict(node, inside),
        stop=node.has_stopped,
        step_name=node.name,
        step_type=node.kind,
        executor_name=node.executor_name or None,
        step_run_id=f"{state.run.run_id}:{node.path}",
        steps=inside,
        node_path=node.path,
        content_path=state.content_path(node.path),
        ran=node.status is not Status.SKIPPED,
    )


def _read_verdict(node: NodeState, inside: list[StepOutput]) -> Verdict:
    if node.gave_nothing:
        said = node.failure.summary if node.failure else node.reason or node.status
        return {"success": False, "error": CANCELLED if node.status is Status.CANCELLED else said}
    if not node.status.is_final:
        return {"success": False, "error": None}
    if not node.had_success:
        return {"success": False, "error": node.reason or None}
    return verdict(inside)


def _read_node_content(
    state: RunState, node: NodeState, inside: list[StepOutput], blobs: Blobs
) -> Any:
    if node.content is not None:
        return read_content(node.content, blobs)
    speaker = state.speaker_of(node)
    if speaker is not None:
        given = next((each for each in inside if each.node_path == speaker.path), None)
        return given.content if given else _read_node_content(state, speaker, inside, blobs)
    if node.kind is NodeKind.PARALLEL and not node.gave_nothing:
        names = sibling_names(output.step_name or "" for output in inside)
        return dict(zip(names, (output.content for output in inside), strict=True))
    return None


def _seconds(start: int | None, end: int | None) -> float | None:
    return None if start is None or end is None else (end - start) / 1_000_000


def _as_json(value: object) -> JsonValue:
    stored = encode_content(value)
    if stored.blob is not None:
        return json.loads(stored.blob)
    return stored.stored.value if stored.stored.restorable else stored.stored.preview


def _output_dict(output: StepOutput) -> dict[str, JsonValue]:
    return {
        "step_name": output.step_name,
        "step_type": str(output.step_type),
        "node_path": output.node_path,
        "content": _as_json(output.content),
        "success": output.success,
        "error": output.error,
        "stop": output.stop,
        "metrics": output.metrics,
        "steps": [_output_dict(inside) for inside in output.steps],
    }
