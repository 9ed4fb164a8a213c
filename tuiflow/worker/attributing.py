"""To which node a line belongs that nobody signed: the running step, or what all of them share."""

import threading
from typing import Any

from tuiflow.model.ids import NodePath, root_path
from tuiflow.model.run_event import RunEvent

_STARTS = frozenset({"StepStarted"})
_ENDS = frozenset({"StepCompleted", "StepError", "StepCancelled", "StepRetrying"})


class RunningSteps:
    """The steps that are running just now, as the run's events tell it."""

    def __init__(self, workflow_name: str) -> None:
        self._root = root_path(workflow_name)
        self._lock = threading.Lock()
        self._running: dict[NodePath, RunEvent] = {}

    def is_ended_by(self, event: RunEvent) -> bool:
        """Say whether an event ends the only step that is running."""
        return event.event in _ENDS and self._running.keys() == {event.node_path}

    def note(self, event: RunEvent) -> bool:
        """Learn from an event; True when it ends a step."""
        if event.event in _STARTS:
            with self._lock:
                self._running[event.node_path] = event
        elif event.event in _ENDS:
            with self._lock:
                self._running.pop(event.node_path, None)
            return True
        return False

    def envelope(self) -> dict[str, Any]:
        """Give what an event carries that belongs to all running steps together."""
        with self._lock:
            running = list(self._running.values())
        if len(running) == 1:
            step = running[0]
            return {
                "node_path": step.node_path,
                "nested_run_id": step.nested_run_id,
                "step_id": step.step_id,
                "step_index": step.step_index,
                "nested_depth": step.nested_depth,
                "attempt": step.attempt,
            }
        return {"node_path": common_path([step.node_path for step in running]) or self._root}


def common_path(paths: list[NodePath]) -> NodePath | None:
    """Give the nearest node all of these stand under; None where there are none."""
    if not paths:
        return None
    split = [path.split("/") for path in paths]
    shared: list[str] = []
    for segments in zip(*split, strict=False):
        if len(set(segments)) > 1:
            break
        shared.append(segments[0])
    return NodePath("/".join(shared)) if shared else None
