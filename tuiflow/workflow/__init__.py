"""The author's Workflow, and how a claimed run is executed over the store."""

from tuiflow.workflow.claimed_run import RunControl, run_claimed
from tuiflow.workflow.inline import describe_process
from tuiflow.workflow.run_output import WorkflowExecutionInput, WorkflowRunOutput
from tuiflow.workflow.workflow import Workflow

__all__ = [
    "RunControl",
    "Workflow",
    "WorkflowExecutionInput",
    "WorkflowRunOutput",
    "describe_process",
    "run_claimed",
]
