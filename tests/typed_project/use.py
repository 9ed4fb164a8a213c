"""How a program uses a workflow: pyright has to know what each way of running gives."""

from typing import Any, assert_type

from rich.console import Console

from tests.typed_project.order_flow import Order, by_hand, orders
from tests.typed_project.telling import tell
from tuiflow import RunStatus, Workflow, WorkflowRunEvent, WorkflowRunOutput


def run(workflow: Workflow, order: Order) -> WorkflowRunOutput:
    """Run to the end, and look at everything there is."""
    output = workflow.run(order, additional_data={"k": 1}, metadata={"m": 1}, run_id="r")
    assert_type(output, WorkflowRunOutput)
    assert output.status is RunStatus.COMPLETED
    duration: float | None = output.metrics.duration
    steps: list[str] = [name for name, step in output.metrics.steps.items() if step.duration]
    kinds: list[str] = [event.event for event in output.events]
    plain: dict[str, Any] = dict(output.to_dict())
    assert duration is not None
    assert len(kinds) > len(steps)
    assert not output.is_cancelled
    return WorkflowRunOutput.from_dict(plain)


def tell_all(workflow: Workflow, order: Order) -> list[str]:
    """Tell what happens in a run while it goes on."""
    return [tell(event) for event in workflow.run(order, stream=True)]


def stream(workflow: Workflow, order: Order) -> list[str]:
    """Read the events of a run as they come."""
    return [
        event.step_name
        for event in workflow.run(order, stream=True, stream_events=True)
        if event.event == WorkflowRunEvent.step_completed
    ]


async def stream_in_a_loop(workflow: Workflow, order: Order) -> list[str]:
    """Read them in a loop."""
    return [event.event async for event in workflow.arun(order, stream=True)]


async def poll(workflow: Workflow, order: Order) -> WorkflowRunOutput | None:
    """Start in the background, look, and cancel."""
    started = await workflow.arun(order, background=True)
    assert_type(started, WorkflowRunOutput)
    found = workflow.get_run(started.run_id)
    is_asked: bool = workflow.cancel_run(started.run_id) or await workflow.acancel_run("x")
    last: WorkflowRunOutput | None = workflow.run_response
    assert last is None or is_asked in {True, False}
    return found or await workflow.aget_run(started.run_id)


def show(order: Order, console: Console) -> None:
    """Print it."""
    orders.print_response(order, stream=True, markdown=True, console=console, user_id="ann")
    by_hand.print_response(order)
