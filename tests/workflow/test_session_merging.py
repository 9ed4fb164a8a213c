from copy import deepcopy
from pathlib import Path
from threading import Event
from typing import Any

import anyio
import pytest
from anyio import create_task_group

from tests.waiting import PATIENCE
from tests.workflow.session_steps import State, made, made_again, putting, read
from tuiflow import (
    OnError,
    Parallel,
    Step,
    StepInput,
    StepOutput,
    Steps,
)
from tuiflow.errors import StepFailedError
from tuiflow.model.events import StepLogEvent


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def setter(value: object) -> Any:
    def put(session_state: State) -> None:
        session_state["x"] = value

    return put


def test_each_branch_of_a_parallel_has_a_deep_copy_and_the_changes_are_merged(db: Path | bool):
    def branch(name: str) -> Step:
        def work(session_state: State) -> State:
            before = deepcopy(session_state)
            session_state["log"].append(name)
            session_state["by"][name] = 1
            session_state[name] = True
            return before

        return Step(name=name, executor=work)

    start = {"log": ["start"], "by": {}}
    workflow = made(db, Parallel(branch("a"), branch("b"), name="p"), read, session_state=start)

    output = workflow.run(session_id="s")

    assert output.step_results[0].content == {"a": start, "b": start}
    merged = {"log": ["start", "a", "b"], "by": {"a": 1, "b": 1}, "a": True, "b": True}
    assert output.content == merged
    assert made_again(workflow, read).run(session_id="s").content == merged


def test_branches_that_disagree_fail_the_parallel_with_the_key_and_both_names(db: Path | bool):
    one, other = Step(name="one", executor=setter(1)), Step(name="other", executor=setter(2))
    workflow = made(db, putting(x=0), Parallel(one, other, name="p"))

    with pytest.raises(StepFailedError, match="w/p failed") as failed:
        workflow.run(session_id="s")

    said = "session_state['x'] was changed in two ways: by one and by other"
    assert str(failed.value.__cause__) == said
    assert made_again(workflow, read).run(session_id="s").content == {"x": 0}


def test_failed_and_cancelled_branches_contribute_nothing(db: Path | bool):
    def fail(session_state: State) -> None:
        session_state["failed"] = 1
        raise ValueError("no")

    async def wait(session_state: State) -> None:
        session_state["cancelled"] = 1
        await anyio.sleep_forever()

    def stop(session_state: State) -> StepOutput:
        session_state["stopped"] = 1
        return StepOutput(content="stop", stop=True)

    skipped = Step(name="skipped", executor=fail, on_error=OnError.skip)
    inside = Steps(name="inside", steps=[skipped, putting(after=1)], on_error=OnError.skip)
    failing = Parallel(fail, putting(good=1), name="f", on_error=OnError.skip)
    workflow = made(
        db, Parallel(skipped, putting(good=0), name="p"), failing, Parallel(wait, stop, name="q")
    )

    workflow.run(session_id="s")

    kept = made_again(workflow, read).run(session_id="s").content
    assert kept == {"good": 1, "stopped": 1}
    # A branch that went on after a failed step has done its work.
    made_again(workflow, Parallel(inside, putting(x=1), name="p")).run(session_id="t")
    assert made_again(workflow, read).run(session_id="t").content["after"] == 1


def test_a_parallel_inside_a_branch_merges_into_the_branch(db: Path | bool):
    def log(text: str) -> Step:
        return Step(name=text, executor=lambda session_state: session_state["log"].append(text))

    inner = Steps(name="s", steps=[log("a"), Parallel(log("b"), log("c"), name="in"), log("d")])
    workflow = made(db, Parallel(inner, log("e"), name="out"), read, session_state={"log": []})

    assert workflow.run(session_id="s").content == {"log": ["a", "b", "c", "d", "e"]}


async def test_two_runs_of_one_session_merge_at_save_and_the_last_writer_of_a_key_is_warned(
    db: Path | bool,
):
    both_read, first_saved = Event(), Event()

    def hold(step_input: StepInput, session_state: State) -> None:
        name = step_input.input
        if name == "second":
            both_read.set()
            assert first_saved.wait(PATIENCE)
        else:
            assert both_read.wait(PATIENCE)
        session_state[name] = True
        session_state["shared"] = name
        session_state["same"] = "same"

    def saved(step_input: StepInput) -> None:
        if step_input.input == "first":
            first_saved.set()

    workflow = made(db, hold, saved)
    outputs: dict[str, Any] = {}

    async def run(name: str) -> None:
        outputs[name] = await workflow.arun(name, session_id="s")

    async with create_task_group() as group:
        group.start_soon(run, "second")
        group.start_soon(run, "first")

    logs = {
        name: [e.text for e in output.events if isinstance(e, StepLogEvent)]
        for name, output in outputs.items()
    }
    assert logs["first"] == []
    said = "session 's': another run has changed 'shared' since this one read it"
    assert logs["second"] == [f"{said}; the value saved last is kept"]
    kept = await made_again(workflow, read).arun(session_id="s")
    assert kept.content == {"first": True, "second": True, "shared": "second", "same": "same"}
