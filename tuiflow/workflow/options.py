"""What a workflow and its runs may be given by keyword, and what is accepted without any use."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from tuiflow.errors import DefinitionError, NotSupportedError
from tuiflow.model.events import CHATTER_KINDS, LIFECYCLE_KINDS, RUN_END_KINDS, RunEvent
from tuiflow.model.media import Audio, File, Image, Video
from tuiflow.model.run_event import WorkflowRunEvent

NO_USE = frozenset(
    {
        "cache_session",
        "debug_level",
        "debug_mode",
        "show_reasoning",
        "show_step_details",
        "show_time",
        "store_executor_outputs",
        "stream_executor_events",
        "strict_input_validation",
        "telemetry",
    }
)
"""Options authors may bring along from elsewhere; they are named in the log and do nothing."""
LITTLE = RUN_END_KINDS | {"WorkflowStarted", "WorkflowResumed", "StepContent", "CustomEvent"}
"""What `stream_events=False` leaves: the run as a whole, and what its steps say."""
MOST_GRACE = 86_400.0  # seconds
_NOT_BUILT = frozenset(
    {
        "add_dependencies_to_context",
        "add_session_state_to_context",
        "agent",
        "background_tasks",
        "enable_websocket",
        "media_storage",
        "overwrite_db_session_state",
        "store_media",
        "websocket",
    }
)
_USUAL = {"store_media": True}
"""What is done anyway of what could be asked for; of all others nothing is."""
_log = logging.getLogger("tuiflow")


class RunOptions(TypedDict, total=False):
    """The options of a run, all by keyword; the last ones do nothing."""

    additional_data: dict[str, Any] | None
    run_id: str | None
    user_id: str | None
    session_id: str | None
    session_state: dict[str, Any] | None
    metadata: dict[str, Any] | None
    dependencies: dict[str, Any] | None
    images: Sequence[Image] | None
    videos: Sequence[Video] | None
    audio: Sequence[Audio] | None
    files: Sequence[File] | None
    stream_events: bool | None
    """False leaves the run as a whole and what its steps say; otherwise a stream has it all."""
    debug_mode: bool
    show_step_details: bool
    show_time: bool


class UseLog:
    """Names each option without a use once for its workflow."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._named: set[str] = set()

    def check(self, options: Mapping[str, object], known: Iterable[str] = ()) -> None:
        """Name what does nothing; raises TypeError for what nobody knows.

        Raises NotSupportedError for what is known and not built yet.
        """
        given = set(options)
        for option in sorted(given & _NOT_BUILT):
            value = options[option]
            if value is not None and value is not _USUAL.get(option, False):
                said = value if isinstance(value, bool) else ""
                raise NotSupportedError(self._title, f"{option}={said}")
        unknown = sorted(given - set(known) - NO_USE - _NOT_BUILT)
        if unknown:
            raise TypeError(f"{self._title} has no option {unknown[0]!r}")
        useless = sorted((given & NO_USE) - self._named)
        if useless:
            self._named.update(useless)
            _log.info("%s: %s does nothing here", self._title, ", ".join(useless))


def check_skipped(
    title: str, events_to_skip: Sequence[object], *, store_events: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """Give the kinds that are hidden and those that are dropped; raises DefinitionError."""
    if not store_events:
        return LIFECYCLE_KINDS, CHATTER_KINDS
    kinds = frozenset(_kind_of(title, each) for each in events_to_skip)
    return kinds & LIFECYCLE_KINDS, kinds & CHATTER_KINDS


def check_policies(title: str, durability: object, cancel_grace: object) -> None:
    """Refuse policies that cannot be kept; raises DefinitionError."""
    if durability not in {"step", "batch"}:
        raise DefinitionError(title, f"durability is 'step' or 'batch', not {durability!r}")
    if not isinstance(cancel_grace, int | float) or not 0 <= cancel_grace <= MOST_GRACE:
        problem = f"cancel_grace is a number of seconds up to a day, not {cancel_grace!r}"
        raise DefinitionError(title, problem)


def chosen(options: Mapping[str, Any], name: str, default: Any) -> Any:
    """Give an option of the run where it is given, else the workflow's own."""
    value = options.get(name)
    return default if value is None else value


def _kind_of(title: str, given: object) -> str:
    if isinstance(given, type) and issubclass(given, RunEvent):
        given = given.model_fields["kind"].default
    try:
        return str(WorkflowRunEvent(given))
    except ValueError:
        raise DefinitionError(
            title, f"events_to_skip= takes members of WorkflowRunEvent, not {given!r}"
        ) from None
