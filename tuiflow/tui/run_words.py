"""Words for how a run stands that goes on. Pure."""

from tuiflow.model.status import Status
from tuiflow.service import RunRecord
from tuiflow.tui.format import SECOND, duration


def standing(run: RunRecord, now: int) -> str:
    """Say what is not as usual: it is being stopped, or its process is silent."""
    silent = silent_for(run, now)
    return stopping(run, now) or (f"stalled, silent {silent}" if silent else "")


def silent_for(run: RunRecord, now: int) -> str:
    """Say for how long a run's process gives no sign of life; empty where it does."""
    silent = run.worker.silent_for(now) if run.worker and run.status is Status.RUNNING else 0
    return duration(silent) if silent else ""


def stopping(run: RunRecord, now: int) -> str:
    """Say how a cancelled run ends: `stopping 1 s, kill in 2 s`."""
    if run.cancel_requested_at is None or run.status.is_final:
        return ""
    for_seconds = max(now - run.cancel_requested_at, 0) // SECOND
    if run.kill_after is None:
        return f"stopping {for_seconds} s"
    left = max(run.kill_after - now, 0) // SECOND
    return f"stopping {for_seconds} s, kill in {left} s"
