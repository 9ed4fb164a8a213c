"""Makes values and step outputs of what is recorded of a run."""

from collections.abc import Iterable, Mapping
from typing import Any

from tuiflow.engine import StepOutput
from tuiflow.model.content import NotRestorableError, StoredContent, decode_content
from tuiflow.model.events import Event, StepCompletedEvent
from tuiflow.model.ids import NodePath
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status

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
        self._ends = {e.node_path: e for e in told if isinstance(e, StepCompletedEvent)}

    def outputs(self, above: NodePath) -> list[StepOutput]:
        """Make the outputs of a node's children that began; none of a node nobody knows."""
        if above not in self.state.nodes:
            return []
        found: list[StepOutput] = []
        for path in self.state.nodes[above].children:
            node = self.state.nodes[path]
            if node.kind is NodeKind.ELSE:
                found.extend(self.outputs(path))
            elif node.started_at is not None:
                found.append(self._output(node))
        return found

    def _output(self, node: NodeState) -> StepOutput:
        inside = self.outputs(node.path)
        end = self._ends.get(node.path, _NO_END)
        is_good = node.status in {Status.COMPLETED, Status.SKIPPED, Status.REUSED}
        return StepOutput(
            content=self._content(node, inside),
            success=is_good and all(each.success for each in inside) and end.success,
            error=node.failure.summary if node.failure else None,
            stop=end.stop,
            metrics=dict(end.metrics),
            step_name=node.name,
            step_type=node.kind,
            executor_type="function" if node.kind is NodeKind.STEP else None,
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
        if node.kind is NodeKind.PARALLEL:
            return {output.step_name: output.content for output in inside}
        ran = [output for output in inside if output.ran and output.node_path]
        last = max(ran, key=self._start_of, default=None)
        return last.content if last else None

    def _start_of(self, output: StepOutput) -> int:
        return self.state.nodes[output.node_path].started_at or 0 if output.node_path else 0
