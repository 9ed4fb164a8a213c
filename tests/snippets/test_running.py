"""Ways to run a workflow as their users write them: each a whole small program."""

import asyncio  # noqa: TID251 - as a user's script does
import threading
import time
from pathlib import Path

import pytest

from tuiflow import (
    Parallel,
    RunStatus,
    SqliteDb,
    Step,
    StepInput,
    StepOutput,
    Workflow,
    WorkflowRunEvent,
    WorkflowRunOutput,
)


def research(step_input: StepInput) -> StepOutput:
    return StepOutput(content=f"## Findings\n\nabout {step_input.input}")


async def slow(step_input: StepInput) -> StepOutput:
    await asyncio.sleep(0.2)
    return StepOutput(content="done")


def story(step_input: StepInput):
    for number in range(200):
        time.sleep(0.02)
        yield f"line {number}\n"


@pytest.fixture
def db(tmp_path: Path) -> SqliteDb:
    return SqliteDb(db_file=str(tmp_path / "workflow.db"))


def test_the_response_is_printed(db: SqliteDb, capsys: pytest.CaptureFixture[str]):
    workflow = Workflow(name="Printed", steps=[Step(name="Research", executor=research)], db=db)

    workflow.print_response(input="tea", markdown=True, show_time=True)

    printed = capsys.readouterr().out
    assert "✓ Research" in printed
    assert "about tea" in printed


def test_the_response_is_printed_from_an_async_main(
    db: SqliteDb, capsys: pytest.CaptureFixture[str]
):
    workflow = Workflow(name="Printed", steps=[slow], db=db)

    asyncio.run(workflow.aprint_response("tea", stream=True, stream_events=True))

    assert "done" in capsys.readouterr().out


def test_events_are_handled_as_they_stream(db: SqliteDb):
    workflow = Workflow(name="Streamed", steps=[Parallel(research, slow, name="Both")], db=db)
    seen: list[str] = []

    for event in workflow.run("tea", stream=True, stream_events=True):
        match event.event:
            case WorkflowRunEvent.workflow_started:
                seen.append("started")
            case WorkflowRunEvent.step_completed:
                seen.append(event.step_name)
            case WorkflowRunEvent.workflow_completed:
                seen.append("completed")

    assert seen == ["started", "research", "slow", "completed"]


def test_events_stream_in_an_async_main(db: SqliteDb):
    workflow = Workflow(name="Streamed", steps=[slow], db=db)

    async def main() -> list[str]:
        return [e.event async for e in workflow.arun("x", stream=True, stream_events=True)]

    assert asyncio.run(main())[-1] == WorkflowRunEvent.workflow_completed


def test_a_background_run_is_polled(db: SqliteDb):
    workflow = Workflow(name="Background", steps=[Step(name="Slow", executor=slow)], db=db)

    async def main() -> WorkflowRunOutput:
        background = await workflow.arun(input="tea", background=True)
        assert background.status == RunStatus.PENDING
        poll_count = 0
        while poll_count < 200:
            result = workflow.get_run(background.run_id)
            poll_count += 1
            if result is not None and result.has_completed():
                return result
            await asyncio.sleep(0.05)
        raise TimeoutError

    final = asyncio.run(main())

    assert (final.status, final.content) == (RunStatus.COMPLETED, "done")


def test_several_background_runs_at_once_lose_nothing(db: SqliteDb):
    workflow = Workflow(name="Background", steps=[slow, research], db=db)

    async def main() -> list[str]:
        runs = [await workflow.arun(input=str(n), background=True) for n in range(4)]
        contents: list[str] = []
        for run in runs:
            while True:
                result = workflow.get_run(run.run_id)
                if result is not None and result.has_completed():
                    break
                await asyncio.sleep(0.02)
            contents.append(result.content)
        return contents

    assert [content[-1] for content in asyncio.run(main())] == ["0", "1", "2", "3"]


def test_a_run_in_one_thread_is_cancelled_from_another(db: SqliteDb):
    workflow = Workflow(name="Long", steps=[Step(name="Story", executor=story)], db=db)
    run_id_container: dict[str, str] = {}
    told: dict[str, object] = {}

    def long_running_task() -> None:
        for event in workflow.run("a dragon", stream=True):
            run_id_container.setdefault("run_id", event.run_id)
            if event.event == WorkflowRunEvent.workflow_cancelled:
                told["cancelled"] = True

    def cancel_after_a_while() -> None:
        while "run_id" not in run_id_container:
            time.sleep(0.01)
        told["asked"] = workflow.cancel_run(run_id_container["run_id"])

    threads = [threading.Thread(target=t) for t in (long_running_task, cancel_after_a_while)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    result = workflow.get_run(run_id_container["run_id"])
    assert told == {"cancelled": True, "asked": True}
    assert result is not None
    assert result.status == RunStatus.CANCELLED


def test_events_are_stored_and_noisy_ones_skipped(db: SqliteDb):
    workflow = Workflow(
        name="Stored",
        steps=[research],
        db=db,
        store_events=True,
        events_to_skip=[
            WorkflowRunEvent.workflow_started,
            WorkflowRunEvent.step_started,
        ],
    )

    workflow.run("tea")

    assert workflow.run_response is not None
    assert [event.event for event in workflow.run_response.events] == [
        WorkflowRunEvent.step_completed,
        WorkflowRunEvent.workflow_completed,
    ]


def test_a_run_response_goes_through_a_dict(db: SqliteDb):
    response = Workflow(name="Saved", steps=[research], db=db).run("tea", session_id="s-1")

    again = WorkflowRunOutput.from_dict(response.to_dict())

    assert again.get_content_as_string() == response.get_content_as_string()
    assert (again.session_id, again.metrics) == ("s-1", response.metrics)
