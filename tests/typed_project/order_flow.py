"""A user's project, typed strictly: every public name, as an author would write it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from tuiflow import (
    Audio,
    Condition,
    CustomEvent,
    File,
    Image,
    Loop,
    OnError,
    Parallel,
    Retry,
    Router,
    RunContext,
    SqliteDb,
    Step,
    StepInput,
    StepOutput,
    Steps,
    Video,
    Workflow,
    WorkflowExecutionInput,
    WorkflowRunEvent,
    current_context,
)


class Order(BaseModel):
    customer: str
    amounts: list[float]


class Total(BaseModel):
    amount: float


class Checked(CustomEvent):
    count: int = 0


def check(step_input: StepInput, run_context: RunContext) -> Order:
    order: Order = step_input.input
    for _ in run_context.track(order.amounts):
        run_context.log("checked", level="debug")
    run_context.emit(Checked(count=len(order.amounts)))
    return order


async def add_up(step_input: StepInput) -> Total:
    order: Order = step_input.previous_step_content
    current_context().progress(1, 1, "added")
    return Total(amount=sum(order.amounts))


def tell(step_input: StepInput) -> Iterator[str | StepOutput]:
    yield "thank you, "
    yield step_input.input.customer
    yield StepOutput(metrics={"words": 3})


async def tell_later(step_input: StepInput) -> AsyncIterator[str]:
    yield step_input.get_input_as_string() or ""


def draw(step_input: StepInput) -> StepOutput:
    pictures: list[Image] = step_input.images
    sounds: list[Audio] = [*step_input.audio, Audio(url="https://sounds.example/a.mp3")]
    films: list[Video] = [Video(content=b"film", name="film.mp4")]
    papers: list[File] = [File(content=b"text", mime_type="text/plain")]
    return StepOutput(images=pictures, audio=sounds, videos=films, files=papers)


def look_back(step_input: StepInput) -> str:
    outputs: dict[str, StepOutput] = step_input.previous_step_outputs
    total: StepOutput | None = step_input.get_step_output("total")
    turns: list[tuple[str, str]] = step_input.get_workflow_history(2)
    history: str | None = step_input.get_workflow_history_context()
    data: dict[str, Any] | None = step_input.additional_data
    same: bool = step_input.message is step_input.workflow_message
    last: object = step_input.get_last_step_content()
    known = (len(outputs), total and total.success, len(turns), history, data, same, last)
    return f"{step_input.get_all_previous_content()} {known}"


def is_big(step_input: StepInput) -> bool:
    total = step_input.get_step_content("total")
    return isinstance(total, Total) and total.amount > 100


def is_enough(outputs: list[StepOutput]) -> bool:
    return all(output.success for output in outputs)


def choose(step_input: StepInput, step_choices: list[Step]) -> Step | None:
    return step_choices[0] if step_input.previous_step_outputs else None


orders = Workflow(
    name="orders",
    id="orders-1",
    description="Checks an order and thanks for it",
    steps=[
        check,
        Step(
            name="total",
            executor=add_up,
            on_error=OnError.fail,
            step_id="t",
            retry=Retry(attempts=2, delay=0.1, on=(ValueError,)),
            timeout=30,
            output_schema=Total,
        ),
        Condition(name="big", evaluator=is_big, steps=[tell], else_steps=[tell_later]),
        Parallel(tell, tell_later, name="both", max_concurrency=2),
        Loop(
            name="again",
            steps=[look_back, tell],
            end_condition=is_enough,
            max_iterations=2,
            forward_iteration_output=True,
        ),
        Router(name="way", choices=[tell, tell_later], selector=choose),
        Step(name="draw", executor=draw),
        Steps(name="last", steps=[Step(name="thanks", executor=tell, skip_on_failure=True)]),
    ],
    input_schema=Order,
    db=SqliteDb(db_file=Path("orders.db")),
    user_id="ann",
    session_id="s",
    session_state={"seen": 0},
    metadata={"team": "sales"},
    dependencies={"rate": 1.0},
    store_events=True,
    events_to_skip=[WorkflowRunEvent.step_started],
    add_workflow_history_to_steps=True,
    num_history_runs=2,
    durability="batch",
    cancel_grace=1.0,
)


def orchestrate(workflow: Workflow, execution_input: WorkflowExecutionInput) -> Total:
    checked: StepOutput = Step(name="check", executor=check).execute(execution_input.input)
    total: StepOutput = Step(name="total", executor=add_up).execute(
        StepInput(input=execution_input.input, previous_step_content=checked.content)
    )
    result: Total = total.content
    return result


async def orchestrate_later(workflow: Workflow, execution_input: WorkflowExecutionInput) -> object:
    checked: StepOutput = await Step(name="check", executor=check).aexecute(execution_input.message)
    return checked.content


later = Workflow(name="later", steps=orchestrate_later, db=False)
by_hand = Workflow(name=f"{orders.name} by hand", steps=orchestrate, db=False, input_schema=Order)
both = Parallel(orders, Step(name="inner", workflow=by_hand))
nested = Workflow(name="nested", steps=[both], db=False)
