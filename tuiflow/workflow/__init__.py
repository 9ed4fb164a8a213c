"""The author's Workflow, and how a claimed run is executed over the store."""

from tuiflow.workflow.claimed_run import RunControl, run_claimed
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.workflow import Workflow

__all__ = [
    "RunControl",
    "Workflow",
    "WorkflowRunOutput",
    "run_claimed",
]
