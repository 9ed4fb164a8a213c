"""Worker processes, from the outside: starting, keeping, ending and burying them."""

from tuiflow.supervisor.processes import kill, wake
from tuiflow.supervisor.python import choose_python
from tuiflow.supervisor.reaper import CLAIM_SECONDS, Reaper
from tuiflow.supervisor.standby import Workers
from tuiflow.supervisor.stopping import end_run, kill_run, spawn_ending

__all__ = [
    "CLAIM_SECONDS",
    "Reaper",
    "Workers",
    "choose_python",
    "end_run",
    "kill",
    "kill_run",
    "spawn_ending",
    "wake",
]
