"""How long a run and its steps took."""

from dataclasses import dataclass, field
from typing import Self

from pydantic import JsonValue, TypeAdapter

from tuiflow.model.ids import NodePath
from tuiflow.model.run_state import RunState


@dataclass(frozen=True)
class StepMetrics:
    """What one node took; `duration` is in seconds, None while it goes on."""

    step_name: str
    duration: float | None = None
    attempts: int = 1


@dataclass(frozen=True)
class WorkflowMetrics:
    """What a run took; `steps` are by their place in it: `fetch`, `look/add_up`, `again[2]/try`."""

    duration: float | None = None
    """Seconds, None while it goes on."""
    steps: dict[str, StepMetrics] = field(default_factory=dict[str, StepMetrics])

    @classmethod
    def of(cls, state: RunState, root: NodePath, took: float | None) -> Self:
        """Read them from a run's state; only what began is in them."""
        steps = {
            path[len(root) + 1 :]: StepMetrics(
                node.name, seconds(node.started_at, node.ended_at), max(len(node.attempts), 1)
            )
            for path, node in state.nodes.items()
            if node.started_at is not None and path.startswith(f"{root}/")
        }
        return cls(took, steps)

    def to_dict(self) -> dict[str, JsonValue]:
        """Give it as plain JSON values."""
        return _METRICS.dump_python(self, mode="json")

    @classmethod
    def from_dict(cls, given: object) -> "WorkflowMetrics":
        """Read what `to_dict` gave; raises pydantic's ValidationError."""
        return _METRICS.validate_python(given)


def seconds(start: int | None, end: int | None) -> float | None:
    """Give the seconds between two times in microseconds."""
    return None if start is None or end is None else (end - start) / 1_000_000


_METRICS = TypeAdapter(WorkflowMetrics)
