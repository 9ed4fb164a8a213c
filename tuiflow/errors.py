"""Every exception of tuiflow, in one tree.

TuiflowError
├── DefinitionError          a workflow that cannot be built as written
│   └── NotSupportedError    an option that is known and not built yet
├── InputError               what a run was given does not fit
│   └── MediaError           an image, audio, video or file that cannot be used
├── RunError
│   ├── RunNotFoundError
│   ├── RunAmbiguousError
│   ├── RunExistsError       an id that another run has
│   ├── NestedRunError       an id that belongs to another run
│   ├── NotResumableError    a run that has not ended, or has ended well
│   ├── RunGoesOnError       what is asked for can be done once it is over
│   ├── SessionStateError    a value that cannot be kept, or branches that disagree about one
│   ├── OutputError          what a step or run gave does not fit its schema
│   ├── AgentError           an agent that did not come to its end
│   ├── RunLostError         its process is gone, and its end cannot be recorded
│   └── StepFailedError      a step raised; the original is its cause
├── CatalogError             a folder or file that cannot be looked into for workflows
├── WorkflowNotFoundError
├── WorkflowAmbiguousError   several files define that name
├── WorkerError              a worker process could not be started or did not answer
├── SettingsError
├── TerminalError            another program could not have it, or gave nothing back
└── StoreError
    ├── NotOurDatabaseError
    ├── NewerDatabaseError
    ├── SessionUnreadableError   its state is damaged
    ├── DatabaseUnusableError    read-only, full disk, corrupt, deleted, locked for too long
    └── FencedError              the run was given to somebody else; nothing more may be written

StepCancelledError and StepTimeoutError stand beside the tree: they are raised inside a step's own
thread and must pass through `except Exception`.
"""

from collections.abc import Sequence
from typing import cast


class TuiflowError(Exception):
    """Anything tuiflow says no to."""


class DefinitionError(TuiflowError):
    """A workflow that cannot be built as it is written."""

    def __init__(self, node: str, problem: str) -> None:
        super().__init__(f"{node}: {problem}")
        self.node = node


class NotSupportedError(DefinitionError):
    """An option that is known, and refused because it is not built yet."""

    def __init__(self, node: str, option: str) -> None:
        super().__init__(node, f"{option} is not supported yet")
        self.option = option


class InputError(TuiflowError):
    """What a run was given does not fit its workflow."""


class MediaError(InputError):
    """An image, audio, video or file that cannot be used, or is not there."""


class RunError(TuiflowError):
    """Something about one run."""


class RunNotFoundError(RunError):
    """No run has that id."""

    def __init__(self, run_id: str) -> None:
        super().__init__(f"no run {run_id!r}: `tuiflow runs` lists them")
        self.run_id = run_id


class RunAmbiguousError(RunError):
    """Several runs end in these characters."""

    def __init__(self, tail: str, run_ids: Sequence[str]) -> None:
        shown = ", ".join(run_ids[:3]) + (", …" if len(run_ids) > 3 else "")
        super().__init__(f"{len(run_ids)} runs end in {tail!r}: {shown}; give more of the id")
        self.run_ids = tuple(run_ids)


class RunExistsError(RunError):
    """Another run has that id."""

    def __init__(self, run_id: str) -> None:
        super().__init__(f"run {run_id!r} exists already: give another run_id=, or none")


class NestedRunError(RunError):
    """The id is a nested run's, which lives and ends with its root."""

    def __init__(self, run_id: str, root_run_id: str) -> None:
        super().__init__(f"run {run_id} is nested: it belongs to run {root_run_id}")
        self.root_run_id = root_run_id


class NotResumableError(RunError):
    """The run goes on, or has done all it was to do."""

    def __init__(self, run_id: str, status: str) -> None:
        what = "it can be run again" if status == "completed" else "it goes on"
        super().__init__(f"run {run_id} is {status}: {what}, and there is nothing to resume")
        self.status = status


class RunGoesOnError(RunError):
    """The run is not over yet."""

    def __init__(self, run_id: str, status: str) -> None:
        super().__init__(f"run {run_id} is {status}: cancel it first, or wait for its end")


class RunLostError(RunError):
    """The run's process is gone, and its database takes no end of it."""


class AgentError(RunError):
    """An agent said that it failed, was cancelled or waits for a person."""

    def __init__(self, name: str, ended: str, said: object = None) -> None:
        why = f": {said}" if said else ""
        super().__init__(f"agent {name!r} did not come to its end ({ended}){why}")


class StepFailedError(RunError):
    """A step raised, and its `on_error` says that the run fails; the original is `__cause__`."""

    def __init__(self, node_path: str, attempt: int, original: BaseException) -> None:
        told = sole_member(original)
        kind, message = type(told).__name__, _message(told)
        super().__init__(
            f"{node_path} failed: {kind}: {message}" if message else f"{node_path} failed: {kind}"
        )
        self.node_path = node_path
        self.attempt = attempt


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as broken:  # noqa: BLE001 - an author's __str__ may raise anything
        return f"<its message raised {type(broken).__name__}>"


class SessionStateError(RunError):
    """A value in the session's state cannot be stored, or branches disagree about it."""


class OutputError(RunError):
    """What a step or a run gave does not fit its `output_schema`."""


def sole_member(error: BaseException) -> BaseException:
    """Open a group that holds one exception, as a task group's does; others are given back."""
    while isinstance(error, BaseExceptionGroup):
        first, *others = cast("BaseExceptionGroup[BaseException]", error).exceptions
        if others:
            break
        error = first
    return error


class StepCancelledError(BaseException):
    """Raised inside the thread of a sync step whose run is being cancelled."""


class StepTimeoutError(BaseException):
    """Raised inside the thread of a sync step that runs past its timeout; what its run is told."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__("out of time" if seconds is None else f"not done after {seconds:g} s")


class CatalogError(TuiflowError):
    """A folder or file that cannot be looked into for workflows."""


class WorkflowNotFoundError(TuiflowError):
    """No workflow of that name is on offer."""

    def __init__(self, name: str, known: Sequence[str], broken: Sequence[str] = ()) -> None:
        offer = f"there are {', '.join(known)}" if known else "there are none in this folder"
        hint = f"; it may stand in what cannot be imported: {', '.join(broken)}" if broken else ""
        super().__init__(f"no workflow {name!r}: {offer}{hint}")
        self.name = name


class WorkflowAmbiguousError(TuiflowError):
    """Several files define a workflow of that name."""

    def __init__(self, name: str, keys: Sequence[str]) -> None:
        super().__init__(f"{len(keys)} files define {name!r}: say {' or '.join(keys)}")
        self.keys = tuple(keys)


class WorkerError(TuiflowError):
    """A worker process could not be started, or did not answer."""


class SettingsError(TuiflowError):
    """A setting that cannot be used, and where it stands."""


class TerminalError(TuiflowError):
    """The terminal could not be lent to another program, or nothing came back."""


class StoreError(TuiflowError):
    """The database said no."""


class NotOurDatabaseError(StoreError):
    """The file is not a database, or one of another program."""

    def __init__(self, path: str, found: str) -> None:
        super().__init__(f"{path} is not a tuiflow database ({found}); choose another with --db")


class NewerDatabaseError(StoreError):
    """The database was written by a newer tuiflow."""

    def __init__(self, path: str, version: int, known: int) -> None:
        super().__init__(
            f"{path} has schema {version}, this tuiflow knows {known}: upgrade tuiflow or use --db"
        )


class DatabaseUnusableError(StoreError):
    """The database cannot be read or written just now."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"cannot use {path}: {problem}")


class SessionUnreadableError(StoreError):
    """What is stored of a session's state is damaged."""

    def __init__(self, session_id: str, problem: str) -> None:
        super().__init__(
            f"the state of session {session_id!r} cannot be read ({problem}); "
            "start the run in another session"
        )


class FencedError(StoreError):
    """Somebody ended this run or took it over: this writer may not write any more."""

    def __init__(self, run_id: str) -> None:
        super().__init__(f"run {run_id} was ended by somebody else")
