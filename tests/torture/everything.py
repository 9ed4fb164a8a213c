"""A workflow with every primitive; each call of a step leaves a line in a ledger first."""

import os
from time import sleep
from typing import Any

from pydantic import BaseModel

from tuiflow import (
    Condition,
    Loop,
    Parallel,
    Router,
    RunContext,
    Step,
    StepInput,
    StepOutput,
    Steps,
    Workflow,
)


class Order(BaseModel):
    number: int


def note(step_input: StepInput, ctx: RunContext) -> None:
    """Append one whole line, as only the kernel can."""
    # What a nested workflow is given is what the step before it gave.
    path: str = ctx.session_state.setdefault("ledger", str(step_input.input))
    ledger = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(ledger, f"{ctx.step_run_id} {ctx.attempt}\n".encode())
    os.close(ledger)


def step(name: str, gives: Any = None) -> Step:
    def executor(step_input: StepInput, run_context: RunContext) -> Any:
        note(step_input, run_context)
        run_context.session_state.setdefault("done", []).append(run_context.node_path)
        sleep(0.004)
        return name if gives is None else gives

    return Step(name=name, executor=executor)


def check(step_input: StepInput, run_context: RunContext) -> str:
    note(step_input, run_context)
    order = step_input.get_step_content("order")
    assert order == Order(number=7), order
    assert step_input.get_step_content("branches")["left"] == "left"
    done = run_context.session_state["done"]
    assert len(done) == len(set(done)), done
    return f"{len(done)} steps"


def pick(step_input: StepInput) -> list[str]:
    return ["second", "first"]


def is_enough(outputs: list[StepOutput]) -> bool:
    return False


def doubtful(step_input: StepInput, run_context: RunContext) -> None:
    note(step_input, run_context)
    raise ValueError("never works, and need not")


nested = Workflow(name="nested", steps=[step("inner"), step("outer")])
workflow = Workflow(
    name="everything",
    steps=[
        step("order", Order(number=7)),
        Step(name="doubtful", executor=doubtful, skip_on_failure=True),
        Condition(
            name="if", evaluator=lambda given: True, steps=[step("then")], else_steps=[step("no")]
        ),
        Parallel(
            step("left"),
            Steps(name="row", steps=[step("one"), step("two")]),
            Parallel(step("deep"), step("deeper"), name="inside"),
            name="branches",
        ),
        Loop(name="turns", steps=[step("turn")], end_condition=is_enough, max_iterations=3),
        Router(name="way", selector=pick, choices=[step("first"), step("second")]),
        nested,
        Step(name="check", executor=check),
    ],
)
