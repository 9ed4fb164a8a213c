"""Which runs can go on and which cannot, and what is special about some steps then."""

from pathlib import Path
from typing import Any

import anyio
import pytest

from tests.waiting import until
from tests.workflow.ledger import Ledger, fail_then_resume
from tuiflow import (
    Image,
    OnError,
    Parallel,
    Retry,
    RunContext,
    Step,
    StepInput,
    StepOutput,
    Workflow,
)
from tuiflow.errors import (
    InputError,
    NestedRunError,
    NotResumableError,
    RunError,
    RunNotFoundError,
)
from tuiflow.model import events as ev
from tuiflow.model.status import Status


def test_a_nested_run_goes_on_with_its_root_under_its_own_id(ledger: Ledger, tmp_path: Path):
    ledger.broken = {"b"}
    inner = Workflow(name="inner", steps=[ledger.step("a"), ledger.step("b")], db=False)
    workflow = Workflow(name="w", steps=[inner], db=tmp_path / "db")

    output = fail_then_resume(workflow)

    nested = {event.nested_run_id for event in output.events if event.nested_run_id}
    assert len(nested) == 1
    assert ledger.calls == {"a": 1, "b": 2}
    (nested_id,) = nested
    record = workflow.get_run(nested_id)
    assert record is not None
    assert record.status is Status.COMPLETED
    with pytest.raises(NestedRunError, match=f"belongs to run {output.run_id}"):
        workflow.resume(nested_id)


def test_a_function_workflow_finds_what_its_calls_gave_in_their_order(
    ledger: Ledger, tmp_path: Path
):
    ledger.broken = {"b"}
    gave: list[Any] = []

    def orchestrate(workflow: Workflow, execution_input: Any) -> Any:
        again = ledger.step("a", lambda _: ledger.calls["a"])
        gave.extend(again.execute().content for _ in range(2))
        return ledger.step("b").execute().content

    fail_then_resume(Workflow(name="w", steps=orchestrate, db=tmp_path / "db"))

    assert ledger.calls == {"a": 2, "b": 2}
    assert gave == [1, 2, 1, 2]


def test_what_cannot_be_read_back_sends_the_run_back_to_its_step(ledger: Ledger, tmp_path: Path):
    ledger.broken = {"c"}
    seen: list[Any] = []
    steps = [
        ledger.step("a", lambda _: lambda: "a live object"),
        ledger.step("b"),
        ledger.step("c", lambda given: seen.append(given.get_step_content("a")()) or "c"),
    ]
    workflow = Workflow(name="w", steps=steps, db=tmp_path / "db")

    output = fail_then_resume(workflow)

    assert ledger.calls == {"a": 2, "b": 1, "c": 2}
    assert seen == ["a live object"]
    logs = [event.text for event in output.events if isinstance(event, ev.StepLogEvent)]
    assert any("cannot be read back" in text for text in logs)
    starts = [e.attempt for e in output.events if e.kind == "StepStarted" and e.step_name == "a"]
    assert starts == [1, 2]


def test_media_of_finished_steps_are_seen_after_the_resume(ledger: Ledger, tmp_path: Path):
    ledger.broken = {"b"}
    image = Image(content=b"\x89PNG\r\n\x1a\n", name="a.png")
    steps = [
        ledger.step("a", lambda _: StepOutput(content="drawn", images=[image])),
        ledger.step("b", lambda given: [each.get_content_bytes() for each in given.images]),
    ]

    output = fail_then_resume(Workflow(name="w", steps=steps, db=tmp_path / "db"))

    assert output.content == [b"\x89PNG\r\n\x1a\n"]
    assert len(output.images) == 1


def test_a_failure_that_was_passed_over_stays_one(ledger: Ledger, tmp_path: Path):
    ledger.broken = {"a", "x", "b"}
    steps = [
        ledger.step("a", on_error=OnError.skip),
        Parallel(ledger.step("x"), ledger.step("y"), name="p", on_error=OnError.skip),
        ledger.step("b", lambda given: given.get_step_output("a").error),
    ]

    output = fail_then_resume(Workflow(name="w", steps=steps, db=tmp_path / "db"))

    assert output.content == "RuntimeError: a broke"
    assert ledger.calls == {"a": 1, "x": 1, "y": 1, "b": 2}


def test_a_resumed_step_has_all_its_tries_again(ledger: Ledger, tmp_path: Path):
    def always(step_input: StepInput, run_context: RunContext) -> str:
        ledger.attempts.append(run_context.attempt)
        if len(ledger.attempts) < 4:
            raise OSError("not yet")
        return "at last"

    step = Step(name="a", executor=always, retry=Retry(attempts=2))
    workflow = Workflow(name="w", steps=[step], db=tmp_path / "db")

    output = fail_then_resume(workflow)

    assert output.content == "at last"
    assert ledger.attempts == [1, 2, 3, 4]
    starts = [e.max_attempts for e in output.events if isinstance(e, ev.StepStartedEvent)]
    assert starts == [2, 2, 4, 4]


def test_step_run_id_is_the_same_in_the_next_episode(ledger: Ledger, tmp_path: Path):
    seen: list[str] = []

    def a(step_input: StepInput, run_context: RunContext) -> None:
        seen.append(run_context.step_run_id)
        if len(seen) == 1:
            raise OSError

    fail_then_resume(Workflow(name="w", steps=[a], db=tmp_path / "db"))

    assert seen == ["the-run:w/a"] * 2


def test_a_cancelled_background_run_can_be_resumed(ledger: Ledger, tmp_path: Path):
    async def wait(step_input: StepInput) -> str:
        ledger.note("wait")
        if ledger.calls["wait"] == 1:
            await anyio.sleep_forever()
        return "waited"

    workflow = Workflow(name="w", steps=[ledger.step("a"), wait], db=tmp_path / "db")

    async def leave_early() -> str:
        started = await workflow.arun(background=True)
        await until(lambda: ledger.calls["wait"])
        return started.run_id

    run_id = anyio.run(leave_early)
    left = workflow.get_run(run_id)
    assert left is not None
    assert left.status is Status.CRASHED

    output = workflow.resume(run_id)

    assert output.content == "waited"
    assert ledger.calls == {"a": 1, "wait": 2}


def test_a_completed_and_an_unknown_run_are_refused_with_the_reason(ledger: Ledger, tmp_path: Path):
    workflow = Workflow(name="w", steps=[ledger.step("a")], db=tmp_path / "db")
    done = workflow.run()

    with pytest.raises(NotResumableError, match="is completed: it can be run again"):
        workflow.resume(done.run_id)
    with pytest.raises(RunNotFoundError):
        workflow.resume("nobody")
    other = Workflow(name="other", steps=[ledger.step("a")], db=tmp_path / "db")
    with pytest.raises(InputError, match="is one of 'w', not of 'other'"):
        other.resume(done.run_id)


def test_a_run_in_memory_leaves_nothing_to_go_on_from(ledger: Ledger):
    ledger.broken = {"a"}
    workflow = Workflow(name="w", steps=[ledger.step("a")], db=False)

    with pytest.raises(RunError, match="leave no log"):
        fail_then_resume(workflow)


def test_inside_a_running_loop_resume_says_what_to_write(ledger: Ledger, tmp_path: Path):
    workflow = Workflow(name="w", steps=[ledger.step("a")], db=tmp_path / "db")

    async def main() -> None:
        workflow.resume("last")

    with pytest.raises(RunError, match=r"await workflow\.aresume"):
        anyio.run(main)
