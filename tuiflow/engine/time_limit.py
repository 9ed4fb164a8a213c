"""How long one attempt may take."""

from types import TracebackType

from anyio import CancelScope, current_time

from tuiflow.errors import StepTimeoutError


class TimeLimit:
    """A scope that is cancelled so many seconds after the attempt's own code began."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.scope = CancelScope()
        self.place: TracebackType | None = None
        """Where the code was when its time was up."""

    def begin(self) -> None:
        """Start the clock: waiting for a thread or for a commit does not count."""
        self.scope.deadline = current_time() + self.seconds

    @property
    def is_over(self) -> bool:
        return self.scope.cancel_called

    def error(self) -> StepTimeoutError:
        """Say that the time was up, and where."""
        return StepTimeoutError(self.seconds).with_traceback(self.place)
