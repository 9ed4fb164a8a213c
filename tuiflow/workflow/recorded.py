"""Makes values and step outputs of what is recorded of a run."""

from collections.abc import Iterable, Mapping
from typing import Any

from tuiflow.engine import StepOutput
from tuiflow.engine.step_io import CANCELLED, Verdict, verdict
from tuiflow.model.content import NotRestorableError, StoredContent, decode_content
from tuiflow.model.events import Event, StepCompletedEvent, WorkflowStartedEvent
from tuiflow.model.ids import NodePath, sibling_names
from tuiflow.model.media import Medium, by_kind
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.model.stored_medium import StoredMedium
from tuiflow.workflow.kept_media import ReadBlob, restore_media

Blobs = Mapping[str, bytes]
_NO_END = StepCompletedEvent(node_path=NodePath(""))


def read_content(stored: StoredContent | None, blobs: Blobs) -> Any:
    """Give a stored value back with its type; what cannot be given back as its preview."""
    if stored is None:
        return None
    try:
        return decode_content(stored, blobs.get(stored.blob or ""))
    except NotRestorableError:
        return stored.preview or stored.value


class Recorded:
    """A run as its events tell it, with the big contents they name."""

    def __init__(self, events: Iterable[Event]) -> None:
        told = list(events)
        self.state = RunState().after(told)
        self.blobs: dict[str, bytes] = {}
        self.read_blob: ReadBlob = self.blobs.__getitem__
        self._ends = {e.node_path: e for e in told if isinstance(e, StepCompletedEvent)}
        self._given = {e.node_path: e.media for e in told if isinstance(e, WorkflowStartedEvent)}
        self._media: dict[StoredMedium, Medium] = {}

    def outputs(self, above: NodePath) -> list[StepOutput]:
        """Make the outputs of a node's children that began; none of a node nobody knows."""
        if above not in self.state.nodes:
            return []
        found: list[StepOutput] = []
        for node in self.state.begun_children(self.state.nodes[above]):
            if node.kind is NodeKind.ELSE:
                found.extend(self.outputs(node.path))
            else:
                found.append(self._output(node))
        return found

    def media(self, root: NodePath, given: tuple[StoredMedium, ...]) -> list[Medium]:
        """Make what a run was given and what it made; of a nested run what its start was told."""
        made = self.state.media_of(root)
        return self._restore((*given, *self._given.get(root, ()), *made))

    def _restore(self, stored: Iterable[StoredMedium]) -> list[Medium]:
        # One and the same object wherever one was handed on.
        new = [each for each in dict.fromkeys(stored) if each not in self._media]
        self._media.update(zip(new, restore_media(new, self.read_blob), strict=True))
        return [self._media[each] for each in stored]

    def _output(self, node: NodeState) -> StepOutput:
        inside = self.outputs(node.path)
        # Of one that failed an earlier try may have ended well, in a nested run of its own.
        end = _NO_END if node.gave_nothing else self._ends.get(node.path, _NO_END)
        return StepOutput(
            content=self._content(node, inside),
            **_read_verdict(node, inside),
            **by_kind(self._restore(self.state.media_of(node.path))),
            stop=node.has_stopped,
            metrics=dict(end.metrics),
            step_name=node.name,
            step_type=node.kind,
            executor_type=node.executor_type if node.kind is NodeKind.STEP else None,
            executor_name=node.executor_name or None,
            step_run_id=f"{self.state.run.run_id}:{node.path}",
            steps=inside,
            node_path=node.path,
            content_path=self.state.content_path(node.path) or node.path,
            ran=node.status is not Status.SKIPPED,
        )

    def _content(self, node: NodeState, inside: list[StepOutput]) -> Any:
        if node.content is not None:
            return read_content(node.content, self.blobs)
        speaker = self.state.speaker_of(node)
        if speaker is not None:
            given = next((each for each in inside if each.node_path == speaker.path), None)
            return given.content if given else self._content(speaker, inside)
        if node.kind is NodeKind.PARALLEL and not node.gave_nothing:
            names = sibling_names(output.step_name or "" for output in inside)
            return dict(zip(names, (output.content for output in inside), strict=True))
        return None


def _read_verdict(node: NodeState, inside: list[StepOutput]) -> Verdict:
    if node.gave_nothing:
        said = node.failure.summary if node.failure else node.reason or node.status
        return {"success": False, "error": CANCELLED if node.status is Status.CANCELLED else said}
    if not node.status.is_final:
        return {"success": False, "error": None}
    if not node.had_success:
        return {"success": False, "error": node.reason or None}
    # What a function workflow has passed over is its own affair.
    return verdict(() if node.kind is NodeKind.WORKFLOW else inside)
