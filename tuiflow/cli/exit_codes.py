"""The numbers `tuiflow` leaves with; scripts stand on them."""

from enum import IntEnum

from tuiflow.errors import (
    CatalogError,
    InputError,
    NestedRunError,
    NewerDatabaseError,
    NotOurDatabaseError,
    NotResumableError,
    RunAmbiguousError,
    RunLostError,
    RunNotFoundError,
    SettingsError,
    TuiflowError,
    WorkflowAmbiguousError,
    WorkflowNotFoundError,
)


class ExitCode(IntEnum):
    """What the shell is told."""

    COMPLETED = 0
    ERROR = 1
    USAGE = 2
    CRASHED = 4
    CANCELLED = 130
    """128 + SIGINT: what a shell expects of something stopped with Ctrl+C."""
    BROKEN_PIPE = 141
    """128 + SIGPIPE: the reader left, as in `tuiflow events last | head`."""


BY_STATUS = {
    "completed": ExitCode.COMPLETED,
    "error": ExitCode.ERROR,
    "crashed": ExitCode.CRASHED,
    "cancelled": ExitCode.CANCELLED,
}
"""By the words of `Status`, so that these numbers cost no import of the model."""

_USAGE_ERRORS = (
    CatalogError,
    InputError,
    NestedRunError,
    NewerDatabaseError,
    NotOurDatabaseError,
    NotResumableError,
    RunAmbiguousError,
    RunNotFoundError,
    SettingsError,
    WorkflowAmbiguousError,
    WorkflowNotFoundError,
)


def code_of_error(error: TuiflowError) -> ExitCode:
    """Tell what was asked wrongly from what went wrong."""
    if isinstance(error, RunLostError):
        return ExitCode.CRASHED
    return ExitCode.USAGE if isinstance(error, _USAGE_ERRORS) else ExitCode.ERROR
