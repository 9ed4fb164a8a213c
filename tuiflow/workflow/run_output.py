"""What a run gave, for whoever asked for it: now or later, here or in another process."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self, cast

from pydantic import JsonValue

from tuiflow.engine import StepOutput
from tuiflow.engine.step_io import content_text
from tuiflow.model.custom_events import restore_events
from tuiflow.model.events import EVENT, Event
from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, RunId, root_path
from tuiflow.model.media import Audio, File, Image, Medium, Video, by_kind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.workflow.metrics import WorkflowMetrics, seconds
from tuiflow.workflow.plain import (
    from_plain,
    media_from_plain,
    media_to_plain,
    output_from_plain,
    output_to_plain,
    to_plain,
)

_NOT_OVER = frozenset({Status.PENDING, Status.RUNNING, Status.PAUSED})
_PLAIN = (
    *("run_id", "session_id", "user_id", "workflow_id", "workflow_name", "parent_run_id"),
    *("content_type", "error", "reason", "created_at", "started_at", "ended_at"),
)
_VALUES = ("input", "content", "additional_data", "metadata")


@dataclass(kw_only=True)
class WorkflowRunOutput:
    """A run as it stands; times are microseconds since 1970, UTC."""

    run_id: RunId
    workflow_name: str
    status: Status
    workflow_id: str | None = None
    input: Any = None
    content: Any = None
    step_results: list[StepOutput] = field(default_factory=list[StepOutput])
    images: list[Image] = field(default_factory=list[Image])
    """What the run was given and what its steps made, in order; so are the next three."""
    videos: list[Video] = field(default_factory=list[Video])
    audio: list[Audio] = field(default_factory=list[Audio])
    files: list[File] = field(default_factory=list[File])
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
    hidden_kinds: frozenset[str] = frozenset()
    """Kinds of events that the workflow's author has chosen to skip."""
    root: NodePath | None = None
    """The run's own place in its log; for a nested run that of the step it stands for."""
    read_log: Callable[[], list[Event]] = field(default=list, repr=False, compare=False)
    read_metrics: Callable[[], WorkflowMetrics] | None = field(
        default=None, repr=False, compare=False
    )

    @cached_property
    def events(self) -> list[Event]:
        """The run's events but for the skipped ones, read when they are first asked for."""
        return restore_events(e for e in self._log if e.kind not in self.hidden_kinds)

    @cached_property
    def metrics(self) -> WorkflowMetrics:
        """How long the run and its steps took, read when it is first asked for."""
        if self.read_metrics is not None:
            return self.read_metrics()
        root = self.root or root_path(self.workflow_name)
        took = seconds(self.started_at, self.ended_at)
        return WorkflowMetrics.of(RunState().after(self._log), root, took)

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

    def set_media(self, media: Iterable[Medium]) -> None:
        """Put media where their kinds belong; one that was handed on counts once."""
        found = by_kind(media)
        self.images, self.videos = found.get("images", []), found.get("videos", [])
        self.audio, self.files = found.get("audio", []), found.get("files", [])

    def to_dict(self) -> dict[str, JsonValue]:
        """Give it as plain JSON values, events too; contents keep their type in a tag."""
        return {
            **{name: getattr(self, name) for name in _PLAIN},
            **{name: to_plain(getattr(self, name)) for name in _VALUES},
            **media_to_plain(self),
            "status": str(self.status),
            "failure": self.failure.model_dump(mode="json") if self.failure else None,
            "step_results": [output_to_plain(output) for output in self.step_results],
            "metrics": self.metrics.to_dict(),
            "events": [event.model_dump(mode="json") for event in self.events],
        }

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `to_dict` gave; a content whose type is not imported here stays plain JSON."""
        failure = given.get("failure")
        plain = {name: given[name] for name in _PLAIN if name in given and name != "content_type"}
        values = {name: from_plain(given[name]) for name in _VALUES if name in given}
        results = cast("list[Mapping[str, Any]]", given.get("step_results", []))
        events = [EVENT.validate_python(event) for event in given.get("events", [])]
        metrics = given.get("metrics")
        return cls(
            **plain,
            **values,
            **media_from_plain(given),
            status=Status(given["status"]),
            failure=Failure.model_validate(failure) if failure else None,
            step_results=[output_from_plain(result) for result in results],
            read_log=lambda: events,
            read_metrics=(lambda: WorkflowMetrics.from_dict(metrics)) if metrics else None,
        )

    @cached_property
    def _log(self) -> list[Event]:
        return self.read_log()
