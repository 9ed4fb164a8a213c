import subprocess
import sys
import threading
from functools import partial
from pathlib import Path
from traceback import extract_tb

import anyio
import pytest
from pydantic import BaseModel

from tests.waiting import PATIENCE
from tuiflow import (
    Parallel,
    Step,
    StepInput,
    Steps,
    Workflow,
    WorkflowRunOutput,
)
from tuiflow.errors import (
    DefinitionError,
    InputError,
    NotSupportedError,
    RunError,
    StepFailedError,
)
from tuiflow.model.status import Status


class Order(BaseModel):
    count: int


def double(step_input: StepInput) -> Order:
    return Order(count=step_input.input.count * 2)


def broken(step_input: StepInput) -> None:
    raise KeyError("EUR")


def spin(step_input: StepInput) -> None:
    while True:
        pass


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


async def wait_for(workflow: Workflow, run_id: str, *statuses: Status) -> WorkflowRunOutput:
    with anyio.fail_after(20):
        while True:
            run = await workflow.aget_run(run_id)
            assert run is not None
            if run.status in statuses:
                return run
            await anyio.sleep(0.01)


def test_run_gives_the_content_with_its_type_and_keeps_the_run(db: Path | bool):
    workflow = Workflow(name="w", steps=[double], db=db, input_schema=Order)

    output = workflow.run({"count": 2}, additional_data={"k": 1})

    assert output.content == Order(count=4)
    assert output.status is Status.COMPLETED
    assert output.has_completed()
    assert output.step_results[0].step_name == "double"
    assert output.created_at <= (output.started_at or 0) <= (output.ended_at or 0)
    assert [event.kind for event in output.events] == [
        "WorkflowStarted",
        "StepStarted",
        "StepCompleted",
        "WorkflowCompleted",
    ]
    assert set(output.metrics.steps) == {"double"}
    kept = workflow.get_run(output.run_id)
    assert kept is not None
    assert kept.to_dict() == output.to_dict()


def test_a_failed_step_is_raised_and_the_run_is_kept(db: Path | bool):
    workflow = Workflow(name="w", steps=[Step(name="s", executor=broken)], db=db)

    with pytest.raises(StepFailedError) as failed:
        workflow.run()

    assert isinstance(failed.value.__cause__, KeyError)
    assert workflow.run_response is not None
    kept = workflow.get_run(workflow.run_response.run_id)
    assert kept is not None
    assert (kept.status, kept.error) == (Status.ERROR, "KeyError: 'EUR'")
    assert kept.step_results[0].success is False


@pytest.mark.parametrize("how", ["run", "stream"])
def test_a_failure_tells_of_the_authors_code_and_hardly_of_the_engine(how: str):
    inner = Parallel(Step(name="s", executor=broken), name="p")
    workflow = Workflow(name="w", steps=[Steps(name="all", steps=[inner])], db=False)

    with pytest.raises(StepFailedError) as failed:
        workflow.run() if how == "run" else list(workflow.run(stream=True))

    cause = failed.value.__cause__
    assert cause is not None
    assert [frame.name for frame in extract_tb(cause.__traceback__)] == ["broken"]
    files = {Path(frame.filename).name for frame in extract_tb(failed.value.__traceback__)}
    assert files.isdisjoint({"run_node.py", "execute.py", "runners.py", "_asyncio.py"})


async def test_a_spinning_run_in_the_background_is_cancelled(db: Path | bool):
    begun = threading.Event()

    def begin(step_input: StepInput) -> None:
        begun.set()
        spin(step_input)

    workflow = Workflow(name="w", steps=[double, Parallel(begin, spin)], db=db, cancel_grace=5.0)

    pending = await workflow.arun(Order(count=1), background=True)
    assert pending.status is Status.PENDING
    assert await anyio.to_thread.run_sync(begun.wait, PATIENCE)
    assert workflow.cancel_run(pending.run_id, "enough")
    run = await wait_for(workflow, pending.run_id, Status.CANCELLED)

    assert run.is_cancelled
    assert run.reason == "enough"
    assert run.step_results[0].content == Order(count=2)
    assert [event.kind for event in run.events].count("WorkflowCancelled") == 1
    assert not workflow.cancel_run(pending.run_id)


async def test_several_background_runs_lose_nothing(db: Path | bool):
    workflow = Workflow(name="w", steps=[double], db=db)

    started = [await workflow.arun(Order(count=i), background=True) for i in range(5)]
    runs = [await wait_for(workflow, each.run_id, Status.COMPLETED) for each in started]

    assert [run.content.count for run in runs] == [0, 2, 4, 6, 8]


async def test_unknown_ids_are_none_and_false(db: Path | bool):
    workflow = Workflow(name="w", steps=[double], db=db)

    assert workflow.get_run("nobody") is None
    assert workflow.cancel_run("nobody") is False


async def test_run_inside_a_loop_says_what_to_write():
    workflow = Workflow(name="w", steps=[double], db=False)

    with pytest.raises(RunError, match=r"await workflow\.arun"):
        workflow.run()


async def test_a_cancelled_caller_cancels_its_run(db: Path | bool):
    begun = anyio.Event()

    async def wait(step_input: StepInput) -> None:
        begun.set()
        await anyio.sleep_forever()

    workflow = Workflow(name="w", steps=[wait], db=db)

    async with anyio.create_task_group() as group:
        group.start_soon(partial(workflow.arun, run_id="the-run"))
        await begun.wait()
        group.cancel_scope.cancel()

    run = await workflow.aget_run("the-run")
    assert run is not None
    assert run.is_cancelled


def deep(levels: int) -> dict[str, object]:
    made: dict[str, object] = {}
    for _ in range(levels):
        made = {"k": made}
    return made


def test_a_bad_input_is_refused_before_anything_is_stored(tmp_path: Path):
    workflow = Workflow(name="w", steps=[double], db=tmp_path / "x.db", input_schema=Order)

    with pytest.raises(InputError, match="count: Field required"):
        workflow.run({})
    for data in ({"k": object()}, {"k": "\ud800"}, deep(250), deep(2000)):
        with pytest.raises(InputError, match="additional_data has to be plain JSON"):
            workflow.run({"count": 1}, additional_data=data)
    with pytest.raises(InputError, match=r"run_id='r\\ud800' is no Unicode text"):
        workflow.run({"count": 1}, run_id="r\ud800")

    assert not (tmp_path / "x.db").exists()


def test_big_content_is_kept_whole(db: Path | bool):
    workflow = Workflow(name="w", steps=[lambda s: "x" * 3_000_000], db=db)

    output = workflow.run()

    kept = workflow.get_run(output.run_id)
    assert kept is not None
    assert kept.content == output.content


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"steps": []}, DefinitionError),
        ({"steps": lambda step_input: None}, DefinitionError),
        ({"name": ""}, DefinitionError),
        ({"db": True}, DefinitionError),
        ({"db": "postgresql://host/db"}, NotSupportedError),
        ({"durability": "never"}, DefinitionError),
        ({"input_schema": dict}, DefinitionError),
        ({"events_to_skip": ["StepBegun"]}, DefinitionError),
        ({"output_schema": dict}, DefinitionError),
        ({"add_session_state_to_context": True}, NotSupportedError),
        ({"store_media": False}, NotSupportedError),
        ({"agent": object()}, NotSupportedError),
        ({"colour": "red"}, TypeError),
    ],
)
def test_what_a_workflow_refuses(options: dict[str, object], error: type[Exception]):
    with pytest.raises(error):
        Workflow(**{"name": "w", "steps": [double], **options})


def test_what_is_not_built_yet_may_be_said_to_be_off():
    off = {"agent": None, "store_media": True, "overwrite_db_session_state": False}

    output = Workflow(name="w", steps=[double], db=False, **off).run(Order(count=1))  # type: ignore[arg-type]

    assert output.content == Order(count=2)


def test_a_workflow_knows_where_it_is_defined():
    workflow = Workflow(name="w", steps=[double])

    assert workflow.definition.file == __file__
    assert workflow.outline().line > 0


def test_importing_touches_no_disk_and_names_are_there_when_used(tmp_path: Path):
    code = "import tuiflow, sys\nassert 'tuiflow.engine' not in sys.modules\n"
    code += "for name in tuiflow.__all__: getattr(tuiflow, name)\n"
    code += "tuiflow.Workflow(name='w', steps=[print])\n"
    subprocess.run([sys.executable, "-B", "-c", code], cwd=tmp_path, check=True)

    assert list(tmp_path.iterdir()) == []


def test_a_background_run_whose_program_ends_first_has_crashed(db: Path | bool):
    inner = Workflow(name="inner", steps=[wait_for_ever], db=db)
    workflow = Workflow(name="w", steps=[double, inner], db=db)

    async def program() -> str:
        pending = await workflow.arun(Order(count=1), background=True)
        for _ in range(2_000):
            run = await workflow.aget_run(pending.run_id)
            assert run is not None
            if any(
                event.kind == "StepStarted" and "inner" in event.node_path for event in run.events
            ):
                break
            await anyio.sleep(0.01)
        return pending.run_id

    run = workflow.get_run(anyio.run(program))

    assert run is not None
    assert run.error is None
    assert run.status is Status.CRASHED
    assert run.reason == "its program ended before it did"
    assert run.has_completed()
    assert not run.is_cancelled
    assert run.step_results[0].content == Order(count=2)
    assert [event.kind for event in run.events][-1] == "WorkflowCrashed"


async def wait_for_ever(_: StepInput) -> None:
    await anyio.sleep_forever()
