"""What becomes of the tries of a workflow's step when its run goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.ledger import Ledger, failed, kinds, state_of
from tuiflow import Condition, Parallel, Retry, RunStatus, Step, StepInput, Workflow
from tuiflow.errors import StepFailedError
from tuiflow.model import events as ev
from tuiflow.model.ids import RunId
from tuiflow.model.promise import broken_promises


class Tries:
    """A step of a workflow whose `b` fails in so many of its nested runs, `a` before it never."""

    def __init__(self, ledger: Ledger, failures: int) -> None:
        self._ledger = ledger
        self._failures = failures
        self.seen: list[Any] = []

    def step(self, **options: Any) -> Step:
        def b(step_input: StepInput, session_state: dict[str, Any]) -> str:
            self.seen.append(list(session_state.get("done", [])))
            self._ledger.calls["b"] += 1
            if self._ledger.calls["b"] <= self._failures:
                raise ConnectionError("gone")
            return "b"

        def a(step_input: StepInput, session_state: dict[str, Any]) -> str:
            session_state.setdefault("done", []).append("a")
            self._ledger.note("a")
            return "a"

        inner = Workflow(name="inner", steps=[a, b], db=False)
        return Step(name="n", workflow=inner, **options)


def nested_ids(output: Any) -> list[RunId]:
    return list(dict.fromkeys(e.nested_run_id for e in output.events if e.nested_run_id))


def test_a_run_that_failed_after_all_tries_goes_on_in_the_last_one(ledger: Ledger, tmp_path: Path):
    step = Tries(ledger, failures=2).step(max_retries=1)
    workflow = Workflow(name="w", steps=[step], db=tmp_path / "db")
    run_id = failed(workflow)

    output = workflow.resume(run_id)

    assert output.status is RunStatus.COMPLETED
    assert ledger.calls == {"a": 2, "b": 3}
    assert len(nested_ids(output)) == 2
    assert list(broken_promises(output.events)) == []
    assert kinds(output)[-6:] == [
        ("WorkflowResumed", "n"),
        ("StepReused", "a"),
        ("StepStarted", "b"),
        ("StepCompleted", "b"),
        ("WorkflowCompleted", "n"),
        ("WorkflowCompleted", "w"),
    ]
    resumed = [e for e in output.events if isinstance(e, ev.WorkflowResumedEvent)]
    assert [(e.attempt, e.max_attempts) for e in resumed] == [(1, 1), (2, 3)]
    tries = state_of(output).nodes["w/n"].attempts
    assert [(each.number, each.failure is None) for each in tries] == [(1, False), (2, True)]


def test_the_statuses_of_all_tries_are_kept_as_runs(ledger: Ledger, tmp_path: Path):
    step = Tries(ledger, failures=1).step(max_retries=1)
    workflow = Workflow(name="w", steps=[step], db=tmp_path / "db")

    tries = [workflow.get_run(run_id) for run_id in nested_ids(workflow.run())]

    assert [each and each.status for each in tries] == [RunStatus.ERROR, RunStatus.COMPLETED]
    assert [each and each.content for each in tries] == [None, "b"]


def test_a_resumed_workflows_step_has_all_its_tries_again(ledger: Ledger, tmp_path: Path):
    step = Tries(ledger, failures=3).step(max_retries=1)
    workflow = Workflow(name="w", steps=[step], db=tmp_path / "db")
    run_id = failed(workflow)

    output = workflow.resume(run_id)

    # The second run goes on, fails again, and a third one does all of it anew.
    assert output.status is RunStatus.COMPLETED
    assert ledger.calls == {"a": 3, "b": 4}
    assert len(nested_ids(output)) == 3
    assert [each.number for each in state_of(output).nodes["w/n"].attempts] == [1, 2, 3]


@pytest.mark.parametrize("within", [lambda n: n, lambda n: Condition(evaluator=True, steps=[n])])
def test_a_workflow_that_failed_for_good_and_was_passed_over_is_not_tried_again(
    ledger: Ledger, tmp_path: Path, within: Callable[[Step], Any]
):
    ledger.broken = {"last"}
    step = Tries(ledger, failures=99).step(max_retries=1, on_error="skip")
    workflow = Workflow(name="w", steps=[within(step), ledger.step("last")], db=tmp_path / "db")
    run_id = failed(workflow)

    output = workflow.resume(run_id)

    assert output.status is RunStatus.COMPLETED
    assert ledger.calls == {"a": 2, "b": 2, "last": 2}


def test_a_run_that_ends_in_the_wait_for_a_try_goes_on_with_that_try(
    ledger: Ledger, tmp_path: Path
):
    step = Tries(ledger, failures=1).step(retry=Retry(attempts=2, delay=60))
    workflow = Workflow(name="w", steps=[step], db=tmp_path / "db")

    for event in workflow.run(run_id="the-run", stream=True):
        if isinstance(event, ev.StepRetryingEvent):
            assert workflow.cancel_run("the-run")
    output = workflow.resume("the-run")

    assert output.status is RunStatus.COMPLETED
    assert ledger.calls == {"a": 2, "b": 2}
    assert len(nested_ids(output)) == 2
    starts = [e for e in output.events if isinstance(e, ev.WorkflowStartedEvent)]
    assert [e.attempt for e in starts if e.nested_run_id] == [1, 2]


def test_what_a_failed_try_made_of_a_branchs_state_is_there_after_the_resume_too(
    ledger: Ledger, tmp_path: Path
):
    ledger.broken = {"beside"}
    tries = Tries(ledger, failures=1)
    branches = Parallel(tries.step(max_retries=1), ledger.step("beside"), name="p")
    last = Step(name="last", executor=lambda step_input, session_state: session_state["done"])
    workflow = Workflow(name="w", steps=[branches, last], db=tmp_path / "db")
    run_id = failed(workflow)

    output = workflow.resume(run_id)

    assert tries.seen == [["a"], ["a", "a"]]
    assert output.content == ["a", "a"]


def test_a_rerun_reuses_what_the_try_that_ended_well_did(ledger: Ledger, tmp_path: Path):
    step = Tries(ledger, failures=1).step(max_retries=1)
    workflow = Workflow(name="w", steps=[step, ledger.step("last")], db=tmp_path / "db")
    run_id = workflow.run().run_id

    output = workflow.rerun(run_id, from_path="last")

    assert ledger.calls == {"a": 2, "b": 2, "last": 2}
    assert [name for kind, name in kinds(output) if kind == "StepReused"] == ["a", "b"]


def test_a_try_that_fails_again_after_a_resume_is_the_workflows_failure(
    ledger: Ledger, tmp_path: Path
):
    step = Tries(ledger, failures=99).step(max_retries=1)
    workflow = Workflow(name="w", steps=[step], db=tmp_path / "db")
    run_id = failed(workflow)

    with pytest.raises(StepFailedError):
        workflow.resume(run_id)

    assert ledger.calls == {"a": 3, "b": 4}
