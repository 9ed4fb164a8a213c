"""How a program uses a workflow: pyright has to know what each way of running gives."""

from typing import Any, assert_type

from rich.console import Console

from tests.typed_project.order_flow import Order, by_hand, orders
from tests.typed_project.telling import tell
from tuiflow import RunStatus, Workflow, WorkflowRunEvent, WorkflowRunOutput
from tuiflow.errors import NotResumableError


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


def go_on(order: Order) -> WorkflowRunOutput:
    """Run again from a node, and resume what has failed."""
    first = orders.run(order)
    again = orders.rerun(first.run_id, from_path="both", input=order)
    assert_type(again, WorkflowRunOutput)
    try:
        return orders.resume(again.run_id)
    except NotResumableError:
        return again


async def go_on_in_a_loop(order: Order) -> WorkflowRunOutput:
    """Do the same in a loop."""
    again = await orders.arerun((await orders.arun(order)).run_id)
    assert_type(again, WorkflowRunOutput)
    try:
        return await orders.aresume(again.run_id)
    except NotResumableError:
        return again


def look_at(workflow: Workflow) -> str:
    """Ask a workflow about itself, its session and its last run."""
    state: dict[str, Any] = workflow.get_session_state(workflow.session_id)
    last: WorkflowRunOutput | None = workflow.get_last_run_output()
    about: list[str] = [workflow.name, workflow.id, workflow.description, workflow.outline().name]
    usual: tuple[bool, bool | None] = (workflow.stream, workflow.stream_events)
    return f"{about} {usual} {state} {last and last.content_type} {workflow.definition.name}"


async def show_in_a_loop(order: Order, console: Console) -> None:
    """Print it in a loop."""
    await by_hand.aprint_response(order, console=console)


def show(order: Order, console: Console) -> None:
    """Print it."""
    orders.print_response(order, stream=True, markdown=True, console=console, user_id="ann")
    by_hand.print_response(order)
