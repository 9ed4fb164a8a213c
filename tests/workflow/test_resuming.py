"""Runs that end badly and go on: what was finished is reused, what was decided stays so."""

import math
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tests.workflow.ledger import Ledger, fail_then_resume, failed, kinds, state_of
from tuiflow import (
    Condition,
    Loop,
    Parallel,
    Router,
    RunContext,
    Step,
    StepInput,
    StepOutput,
    Workflow,
)
from tuiflow.errors import StepFailedError
from tuiflow.model import events as ev
from tuiflow.model.status import Status


class Order(BaseModel):
    number: int


def test_a_finished_step_is_reused_and_the_failed_one_runs_with_its_next_attempt(
    ledger: Ledger, tmp_path: Path
):
    ledger.broken = {"b"}
    seen: list[Any] = []
    a = ledger.step("a", Order(number=7))
    b = ledger.step("b", lambda given: seen.append(given.previous_step_content) or "done")
    workflow = Workflow(name="w", steps=[a, b], db=tmp_path / "db")

    output = fail_then_resume(workflow)

    assert (output.content, output.status) == ("done", Status.COMPLETED)
    assert ledger.calls == {"a": 1, "b": 2}
    assert seen == [Order(number=7)]
    assert ledger.attempts == [1, 1, 2]
    assert [event.seq for event in output.events] == list(range(1, len(output.events) + 1))
    assert kinds(output)[-5:] == [
        ("WorkflowResumed", "w"),
        ("StepReused", "a"),
        ("StepStarted", "b"),
        ("StepCompleted", "b"),
        ("WorkflowCompleted", "w"),
    ]
    assert [e.episode for e in output.events if e.kind.startswith("Workflow")] == [1, 1, 2, 2]


def test_a_run_whose_step_is_infinitely_or_nowhere_far_goes_on(ledger: Ledger, tmp_path: Path):
    def tell(step_input: StepInput, run_context: RunContext) -> None:
        for done, total in ((math.nan, 3), (math.inf, math.inf), (1, math.nan)):
            run_context.progress(done, total)

    ledger.broken = {"b"}
    workflow = Workflow(name="w", steps=[tell, ledger.step("b")], db=tmp_path / "db")

    assert fail_then_resume(workflow).status is Status.COMPLETED


def test_the_tree_of_a_resumed_run_shows_what_was_reused_with_what_it_gave(
    ledger: Ledger, tmp_path: Path
):
    ledger.broken = {"b"}
    loop = Loop(steps=[ledger.step("a")], max_iterations=2, name="again")
    workflow = Workflow(name="w", steps=[loop, ledger.step("b")], db=tmp_path / "db")

    state = state_of(fail_then_resume(workflow))

    turns = [state.nodes[f"w/again[{n}]/a"] for n in (1, 2)]
    assert [turn.status for turn in turns] == [Status.REUSED, Status.REUSED]
    assert [turn.content.value for turn in turns if turn.content] == ["a", "a"]
    assert [len(turn.attempts) for turn in turns] == [1, 1]
    assert [each.number for each in state.nodes["w/b"].attempts] == [1, 2]
    assert state.status is Status.COMPLETED


def test_decisions_are_taken_again_as_they_were(ledger: Ledger, tmp_path: Path):
    ledger.broken = {"last"}

    def yes(step_input: StepInput) -> bool:
        ledger.note("evaluator")
        return ledger.calls["evaluator"] == 1

    def select(step_input: StepInput) -> list[str]:
        ledger.note("selector")
        return ["r2", "r1"]

    def enough(outputs: list[StepOutput]) -> bool:
        ledger.note("end")
        return ledger.calls["end"] >= 2

    workflow = Workflow(
        name="w",
        steps=[
            Condition(evaluator=yes, steps=[ledger.step("c")], else_steps=[ledger.step("d")]),
            Router(selector=select, choices=[ledger.step("r1"), ledger.step("r2")]),
            Loop(steps=[ledger.step("t")], end_condition=enough, max_iterations=9),
            ledger.step("last"),
        ],
        db=tmp_path / "db",
    )

    fail_then_resume(workflow)

    assert ledger.calls == {
        "evaluator": 1,
        "selector": 1,
        "end": 2,
        "c": 1,
        "r1": 1,
        "r2": 1,
        "t": 2,
        "last": 2,
    }


def test_an_evaluator_that_raised_is_asked_again(ledger: Ledger, tmp_path: Path):
    ledger.broken = {"evaluator", "selector"}

    def yes(step_input: StepInput) -> bool:
        ledger.note("evaluator")
        return True

    def select(step_input: StepInput) -> str:
        ledger.note("selector")
        return "r"

    steps = [
        Condition(evaluator=yes, steps=[ledger.step("c")]),
        Router(selector=select, choices=[ledger.step("r")]),
    ]
    workflow = Workflow(name="w", steps=steps, db=tmp_path / "db")
    run_id = failed(workflow)
    with pytest.raises(StepFailedError):
        workflow.resume(run_id)

    assert workflow.resume(run_id).content == "r"
    assert ledger.calls == {"evaluator": 2, "c": 1, "selector": 2, "r": 1}


def test_a_branch_that_was_finished_contributes_its_state_again(ledger: Ledger, tmp_path: Path):
    ledger.broken = {"b"}

    def put(name: str) -> Step:
        def executor(step_input: StepInput, session_state: dict[str, Any]) -> str:
            session_state.setdefault("seen", []).append(name)
            ledger.note(name)
            return name

        return Step(name=name, executor=executor)

    inner = Parallel(put("x"), put("y"), name="inner")
    outer = Parallel(put("a"), put("b"), inner, name="p")
    workflow = Workflow(name="w", steps=[outer, ledger.step("z")], db=tmp_path / "db")
    ledger.broken |= {"z"}
    run_id = failed(workflow)
    with pytest.raises(StepFailedError):
        workflow.resume(run_id)

    output = workflow.resume(run_id)

    assert output.status is Status.COMPLETED
    assert ledger.calls == {"a": 1, "b": 2, "x": 1, "y": 1, "z": 2}
    changes = [e.state for e in output.events if isinstance(e, ev.ParallelExecutionCompletedEvent)]
    assert [each.values["seen"] for each in changes if each] == [["a", "b", "x", "y"]]


def test_state_that_a_finished_step_saved_is_there_when_the_run_goes_on(
    ledger: Ledger, tmp_path: Path
):
    ledger.broken = {"b"}
    seen: list[Any] = []

    def a(step_input: StepInput, session_state: dict[str, Any]) -> None:
        session_state["order"] = Order(number=3)

    def b(step_input: StepInput, session_state: dict[str, Any]) -> None:
        ledger.note("b")
        seen.append(session_state["order"])

    fail_then_resume(Workflow(name="w", steps=[a, b], db=tmp_path / "db"))

    assert seen == [Order(number=3)]
