"""How a tree of steps runs: nodes, their life, their context. No disk and no SQL."""

from tuiflow.engine.context import RunContext, current_context
from tuiflow.engine.definition import WorkflowDefinition
from tuiflow.engine.execute import RunRequest, execute
from tuiflow.engine.host import Host
from tuiflow.engine.node import Node, OnError
from tuiflow.engine.nodes.condition import Condition
from tuiflow.engine.nodes.function_steps import FunctionSteps, WorkflowExecutionInput
from tuiflow.engine.nodes.loop import Loop
from tuiflow.engine.nodes.nested_workflow import NestedWorkflow
from tuiflow.engine.nodes.parallel import Parallel
from tuiflow.engine.nodes.router import Router
from tuiflow.engine.nodes.step import Step
from tuiflow.engine.nodes.steps import Steps
from tuiflow.engine.policy import Retry
from tuiflow.engine.step_io import StepInput, StepOutput

__all__ = [
    "Condition",
    "FunctionSteps",
    "Host",
    "Loop",
    "NestedWorkflow",
    "Node",
    "OnError",
    "Parallel",
    "Retry",
    "Router",
    "RunContext",
    "RunRequest",
    "Step",
    "StepInput",
    "StepOutput",
    "Steps",
    "WorkflowDefinition",
    "WorkflowExecutionInput",
    "current_context",
    "execute",
]
