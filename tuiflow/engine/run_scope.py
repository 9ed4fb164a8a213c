"""What all nodes of one run share."""

from dataclasses import dataclass, field
from typing import Any

from anyio import CapacityLimiter

from tuiflow.engine.host import Host
from tuiflow.engine.journal import Journal
from tuiflow.engine.policy import Policy
from tuiflow.engine.session import SessionState
from tuiflow.engine.streaming import Flusher
from tuiflow.model.ids import RunId


@dataclass(frozen=True, slots=True)
class RunScope:
    """What all nodes of one run share; a nested run has a scope of its own."""

    host: Host
    run_id: RunId
    root_run_id: RunId
    workflow_name: str
    workflow_id: str
    limiter: CapacityLimiter
    """How many sync steps run at a time."""
    session: SessionState
    metadata: dict[str, Any]
    dependencies: dict[str, Any]
    session_id: str | None = None
    user_id: str | None = None
    nested_run_id: RunId | None = None
    nested_depth: int = 0
    is_write_ahead: bool = True
    cancel_grace: float = 3.0
    adds_history: bool = False
    history_runs: int = 3
    journal: Journal | None = None
    """What is known from before; None for a run that begins at its beginning."""
    flusher: Flusher = field(default_factory=Flusher)

    def gives_past(self, policy: Policy) -> bool:
        """Say whether a node is told of the session's earlier runs without asking for them."""
        if policy.adds_history is None:
            return self.adds_history or policy.history_runs is not None
        return policy.adds_history

    async def barrier(self) -> None:
        """Return once everything a step can see is safe, so that its side effects may begin."""
        if self.is_write_ahead:
            await self.host.commit()
