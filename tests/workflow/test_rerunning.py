"""New runs that take over what another did before a node."""

from pathlib import Path
from typing import Any

import pytest

from tests.workflow.ledger import Ledger
from tuiflow import Loop, Parallel, StepInput, Workflow
from tuiflow.errors import InputError, StepFailedError
from tuiflow.model import events as ev
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status


def make(ledger: Ledger, tmp_path: Path) -> Workflow:
    return Workflow(
        name="w",
        steps=[
            ledger.step("a", lambda given: f"a of {given.input}"),
            Loop(steps=[ledger.step("t")], max_iterations=3, name="loop"),
            Parallel(ledger.step("left"), ledger.step("right"), name="both"),
            ledger.step("z", lambda given: f"z of {given.input}, {given.get_step_content('a')}"),
        ],
        db=tmp_path / "db",
    )


def test_what_was_before_the_node_is_reused_and_all_after_it_runs(ledger: Ledger, tmp_path: Path):
    workflow = make(ledger, tmp_path)
    first = workflow.run("tea")

    again = workflow.rerun(first.run_id, from_path="loop[2]/t", input="coffee")

    assert again.run_id != first.run_id
    assert again.content == "z of coffee, a of tea"
    assert ledger.calls == {"a": 1, "t": 5, "left": 2, "right": 2, "z": 2}
    reused = [e for e in again.events if isinstance(e, ev.StepReusedEvent)]
    assert [e.node_path for e in reused] == ["w/a", "w/loop[1]/t"]
    assert {e.source_run_id for e in reused} == {first.run_id}
    state = RunState().after(again.events)
    assert state.nodes["w/a"].status is Status.REUSED
    assert state.nodes["w/a"].reused_from == first.run_id
    assert state.nodes["w/a"].content is not None
    assert state.nodes["w/a"].content.value == "a of tea"


def test_a_branch_beside_the_node_is_reused(ledger: Ledger, tmp_path: Path):
    workflow = make(ledger, tmp_path)
    first = workflow.run("tea")

    workflow.rerun(first.run_id, from_path="w/both/left")

    assert ledger.calls == {"a": 1, "t": 3, "left": 2, "right": 1, "z": 2}


def test_without_a_node_nothing_is_reused(ledger: Ledger, tmp_path: Path):
    workflow = make(ledger, tmp_path)
    first = workflow.run("tea")

    assert workflow.rerun(first.run_id).content == "z of tea, a of tea"
    assert ledger.calls["a"] == 2


def test_a_rerun_that_fails_is_resumed_with_what_it_has_taken_over(ledger: Ledger, tmp_path: Path):
    workflow = make(ledger, tmp_path)
    first = workflow.run("tea")
    ledger.broken = {"z"}
    with pytest.raises(StepFailedError):
        workflow.rerun(first.run_id, from_path="both")
    assert workflow.run_response is not None

    output = workflow.resume(workflow.run_response.run_id)

    assert output.content == "z of tea, a of tea"
    assert ledger.calls == {"a": 1, "t": 3, "left": 2, "right": 2, "z": 3}


def test_a_rerun_of_a_rerun_takes_over_what_that_one_took_over(ledger: Ledger, tmp_path: Path):
    workflow = make(ledger, tmp_path)
    first = workflow.run("tea")
    second = workflow.rerun(first.run_id, from_path="z")

    third = workflow.rerun(second.run_id, from_path="z", input="milk")

    assert third.content == "z of milk, a of tea"
    assert ledger.calls == {"a": 1, "t": 3, "left": 1, "right": 1, "z": 3}


def test_a_big_content_is_kept_for_the_run_that_takes_it_over(ledger: Ledger, tmp_path: Path):
    sizes: list[int] = []

    def big(step_input: StepInput) -> list[str]:
        return ["x" * 100] * 1000

    def size(step_input: StepInput) -> None:
        sizes.append(len(step_input.previous_step_content))

    workflow = Workflow(name="w", steps=[big, size], db=tmp_path / "db")
    again = workflow.rerun(workflow.run().run_id, from_path="size")

    assert sizes == [1000, 1000]
    assert again.step_results[0].content == ["x" * 100] * 1000


def test_a_node_that_never_began_is_refused_with_those_that_did(ledger: Ledger, tmp_path: Path):
    workflow = make(ledger, tmp_path)
    first: Any = workflow.run("tea")

    with pytest.raises(InputError, match=r"w/nowhere did not begin in run .*: w/a, w/loop"):
        workflow.rerun(first.run_id, from_path="nowhere")
