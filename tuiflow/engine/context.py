"""What a running node knows of its run, and how its author watches and reports from inside."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sized
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from tuiflow.engine.policy import PLAIN, Policy
from tuiflow.engine.run_scope import RunScope
from tuiflow.engine.step_io import StepOutput
from tuiflow.engine.streaming import TextStream
from tuiflow.engine.time_limit import TimeLimit
from tuiflow.model.content import StoredContent
from tuiflow.model.events import CustomEvent, StepContentEvent, StepLogEvent, StepProgressEvent
from tuiflow.model.ids import NodePath, Revision, RunId
from tuiflow.model.outline import Outline
from tuiflow.model.run_event import LogLevel, LogStream, RunEvent
from tuiflow.model.stored_medium import StoredMedium

if TYPE_CHECKING:
    from tuiflow.engine.node import Node, Place

T = TypeVar("T")

PROGRESS_SECONDS = 0.1  # between two StepProgress events of one step
_current: ContextVar["RunContext"] = ContextVar("tuiflow_context")


class Caller(Protocol):
    """Runs nodes for the function of a function workflow."""

    async def run(self, node: "Node", given: object) -> "StepOutput": ...

    def run_from_thread(self, node: "Node", given: object) -> "StepOutput": ...


@dataclass(slots=True)
class Facts:
    """What a node decides and counts while it runs; its events are made from these."""

    input: StoredContent | None = None
    media: tuple[StoredMedium, ...] = ()
    revision: Revision | None = None
    outline: Outline | None = None
    is_resumed: bool = False
    count: int = 0
    iteration: int = 0
    max_iterations: int = 0
    should_continue: bool = False
    result: bool | None = None
    takes_else: bool | None = None
    """Which side of a condition is taken; None for neither."""
    selected: "tuple[Place, ...]" = ()
    is_side_by_side: bool = False
    outputs: dict[int, StepOutput] = field(default_factory=dict[int, StepOutput])
    """What its children gave that have ended, well or badly, by their index and as they ended."""
    failed: set[int] = field(default_factory=set[int])
    """Which of its children raised or were told to stop."""


class RunContext:
    """What a step can ask and tell while it runs; every method works from any thread."""

    __slots__ = (
        "_facts",
        "_last_progress",
        "_lock",
        "_stream",
        "_waiting_progress",
        "attempt",
        "because",
        "caller",
        "cancelled",
        "has_begun",
        "is_over",
        "limit",
        "node_path",
        "policy",
        "scope",
        "session",
        "step_index",
        "step_name",
        "tries_before",
    )

    def __init__(
        self,
        scope: RunScope,
        node_path: NodePath,
        step_name: str,
        *,
        step_index: int = 0,
        because: Callable[[], str],
        policy: Policy = PLAIN,
    ) -> None:
        self.attempt = 1
        self.tries_before = 0
        """Attempts of earlier episodes, which the policy does not count."""
        self.policy = policy
        self.limit: TimeLimit | None = None
        """How long this attempt may take; None for as long as it likes."""
        self.scope = scope
        self.session = scope.session
        self.node_path = node_path
        self.step_name = step_name
        self.step_index = step_index
        self.because = because
        """Says why, when this node or one under it is cancelled."""
        self.caller: Caller | None = None
        """Where this node is a function workflow while it runs."""
        self.cancelled = False
        """True once the run asks this step to stop: for loops that look for themselves."""
        self._facts: Facts | None = None
        self.has_begun = False
        self.is_over = False
        self._lock = threading.Lock()
        self._stream: TextStream | None = None
        self._last_progress = 0.0
        self._waiting_progress: StepProgressEvent | None = None

    @property
    def facts(self) -> Facts:
        # Made when asked for: most nodes are steps, which decide nothing and hold no children.
        if self._facts is None:
            self._facts = Facts()
        return self._facts

    @property
    def run_id(self) -> RunId:
        return self.scope.run_id

    @property
    def workflow_name(self) -> str:
        return self.scope.workflow_name

    @property
    def workflow_id(self) -> str:
        return self.scope.workflow_id

    @property
    def session_id(self) -> str | None:
        return self.scope.session_id

    @property
    def user_id(self) -> str | None:
        return self.scope.user_id

    @property
    def session_state(self) -> dict[str, Any]:
        return self.session.values

    @session_state.setter
    def session_state(self, values: dict[str, Any]) -> None:
        self.session.replace(values)

    @property
    def metadata(self) -> dict[str, Any]:
        return self.scope.metadata

    @property
    def dependencies(self) -> dict[str, Any]:
        return self.scope.dependencies

    @property
    def step_run_id(self) -> str:
        """An idempotency key: the same when a crashed attempt is repeated."""
        return f"{self.scope.root_run_id}:{self.node_path}"

    def progress(self, done: float, total: float | None = None, message: str | None = None) -> None:
        """Say how far the step is, in any unit; at most ten a second are kept, and the last."""
        event = StepProgressEvent(**self.envelope(), done=done, total=total, message=message or "")
        with self._lock:
            now = time.monotonic()
            if now - self._last_progress < PROGRESS_SECONDS:
                self._waiting_progress = event
                return
            self._last_progress, self._waiting_progress = now, None
            self.record(event)

    def track(self, iterable: Iterable[T], total: float | None = None) -> Iterator[T]:
        """Iterate with a progress bar in the tree; the total is asked of the iterable."""
        if total is None and isinstance(iterable, Sized):
            total = len(iterable)
        self.progress(0, total)
        for done, item in enumerate(iterable, start=1):
            yield item
            self.progress(done, total)

    def log(self, text: str, level: LogLevel = "info", *, stream: LogStream = "context") -> None:
        """Write a line to this step's log."""
        self.record(StepLogEvent(**self.envelope(), text=str(text), level=level, stream=stream))

    def write_content(self, text: str) -> None:
        """Stream a piece of the step's content; what comes within a moment is one event."""
        if not self.policy.is_live:
            return
        with self._lock:
            if self._stream is None:
                self._stream = TextStream(self.scope.flusher, self._let_out)
        self._stream.write(text)

    def flush_content(self) -> None:
        """Let out what was streamed so far, before something else is told."""
        if self._stream is not None:
            self._stream.flush()

    def emit(self, event: CustomEvent) -> None:
        """Record a fact of the author's own; a subclass's fields are stored in `data`."""
        own = set(type(event).model_fields) - set(CustomEvent.model_fields)
        data = {**event.data, **event.model_dump(mode="json", include=own)}
        name = event.name or type(event).__name__
        self.record(event.model_copy(update={**self.envelope(), "name": name, "data": data}))

    def record(self, event: RunEvent) -> None:
        """Emit a fact; a thread that outlived its attempt is not heard any more."""
        self.flush_content()
        if not self.is_over:
            self.scope.host.emit(event)

    def envelope(self) -> dict[str, Any]:
        """Give what every event of this node carries."""
        scope = self.scope
        return {
            "node_path": self.node_path,
            "nested_run_id": scope.nested_run_id,
            "step_id": self.policy.step_id,
            "step_index": self.step_index,
            "nested_depth": scope.nested_depth,
            "attempt": self.attempt,
        }

    def below(self, place: "Place") -> "RunContext":
        """Make the context of a node inside this one."""
        path = place.path_under(self.node_path)
        return self._beside(path, place.name, place.index, place.node.policy)

    def next_attempt(self) -> "RunContext":
        """Make the context of this node's next attempt."""
        following = self._beside(self.node_path, self.step_name, self.step_index, self.policy)
        following.attempt = self.attempt + 1
        following.tries_before = self.tries_before
        return following

    def inside(self, path: NodePath) -> "RunContext":
        """Make the context of a part of this node that has no life of its own, as an else-side."""
        part = self._beside(path, self.step_name, 0, PLAIN)
        part._facts = self.facts  # noqa: SLF001 - its own class
        return part

    def _beside(self, path: NodePath, name: str, index: int, policy: Policy) -> "RunContext":
        made = RunContext(
            self.scope, path, name, step_index=index, because=self.because, policy=policy
        )
        made.session = self.session
        return made

    def outputs_inside(self) -> list[StepOutput]:
        """List what this node's children gave so far: as they ran, side by side as defined."""
        if self._facts is None:
            return []
        outputs = self._facts.outputs
        order = sorted(outputs) if self._facts.is_side_by_side else outputs
        return [outputs[index] for index in order]

    def close(self) -> None:
        """Let the last progress and text out; after this only the attempt's end is recorded."""
        self.flush_content()
        with self._lock:
            if self._waiting_progress is not None:
                self.record(self._waiting_progress)
                self._waiting_progress = None
            self.is_over = True

    def _let_out(self, text: str) -> None:
        if not self.is_over:
            self.scope.host.emit(StepContentEvent(**self.envelope(), text=text))


def find_context() -> RunContext | None:
    """Give the context of the step this is called in; None outside of one."""
    return _current.get(None)


def current_context() -> RunContext:
    """Give the context of the step this is called in; raises LookupError outside of one."""
    if (ctx := find_context()) is None:
        raise LookupError("current_context() works only inside a running step")
    return ctx


def enter_context(ctx: RunContext) -> Callable[[], None]:
    """Make it the current one in this task; returns how to leave it."""
    token = _current.set(ctx)
    return lambda: _current.reset(token)
