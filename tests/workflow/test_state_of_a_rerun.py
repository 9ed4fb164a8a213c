"""The session's state where a run begins in the middle, or begins again."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.making import new_run
from tests.workflow.session_steps import State, made, read
from tuiflow import RunStatus, Step, Workflow
from tuiflow.engine import WorkflowDefinition
from tuiflow.errors import StepFailedError
from tuiflow.model.content import EncodedContent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.store import NewRun, SqliteDb, Store, describe_process, open_store
from tuiflow.workflow.claimed_run import run_claimed
from tuiflow.workflow.taking_over import run_again


def noting(name: str) -> Step:
    def note(session_state: State) -> list[str]:
        session_state["noted"] = [*session_state.get("noted", []), name]
        return list(session_state["noted"])

    return Step(name=name, executor=note)


def noting_all(tmp_path: Path, *names: str) -> Workflow:
    return made(tmp_path / "x.db", *map(noting, names))


def test_a_rerun_has_the_state_as_it_was_at_its_node(tmp_path: Path):
    workflow = noting_all(tmp_path, "a", "b", "c")
    noting_all(tmp_path, "before").run(session_id="s")
    first = workflow.run(session_id="s")
    made(tmp_path / "x.db", read, session_state={}).run(
        session_id="s", session_state={"later": True, "noted": ["later"]}
    )

    again = workflow.rerun(first.run_id, from_path="b")
    once_more = workflow.rerun(again.run_id, from_path="c")

    assert again.content == ["before", "a", "b", "c"]
    assert once_more.content == ["before", "a", "b", "c"]
    # What others have saved meanwhile and it has not touched stays.
    assert workflow.get_session_state("s") == {"noted": once_more.content, "later": True}


async def test_what_a_rerun_has_noted_is_known_when_its_source_is_deleted(tmp_path: Path):
    workflow = noting_all(tmp_path, "a", "b", "c")
    first = await workflow.arun(session_id="s")
    again = await workflow.arerun(first.run_id, from_path="b")

    async with open_store(SqliteDb(tmp_path / "x.db")) as store:
        await store.delete_run(RunId(first.run_id))
    once_more = await workflow.arerun(again.run_id, from_path="c")

    assert once_more.content == ["a", "b", "c"]


async def test_without_a_session_a_rerun_has_the_state_as_it_was_too(tmp_path: Path):
    definition = noting_all(tmp_path, "a", "b", "c").definition
    first = new_run(run_id=RunId("first"), workflow_name="w")

    async with open_store(SqliteDb(tmp_path / "x.db")) as store:
        assert await execute(store, definition, first) == ["a", "b", "c"]
        source = await store.get_run(first.run_id)
        again = run_again(source, RunId("again"), NodePath("w/b"), EncodedContent(source.input))
        assert await execute(store, definition, again) == ["a", "b", "c"]


async def execute(store: Store, definition: WorkflowDefinition, new: NewRun) -> object:
    await store.create_run(new)
    lease = await store.claim_run(new.run_id, describe_process(new.run_id, "inline"))
    assert lease is not None
    await run_claimed(definition, store, lease, await store.get_run(new.run_id))
    content = (await store.get_run(new.run_id)).content
    return content and content.value


def test_what_a_run_is_given_of_its_own_is_there_until_it_has_saved_it(tmp_path: Path):
    db = tmp_path / "x.db"
    program = (
        "import os, sys\n"
        "from tuiflow import Workflow\n"
        "def die(step_input): os._exit(1)\n"
        "workflow = Workflow(name='w', db=sys.argv[1], steps=[die])\n"
        "workflow.run(run_id='dies', session_id='s', session_state={'k': (1, 2)})\n"
    )
    subprocess.run([sys.executable, "-c", program, db], check=False, timeout=50)
    workflow = made(db, Step(name="die", executor=read), read)

    crashed = workflow.get_run("dies")
    resumed = workflow.resume("dies")
    again = workflow.rerun("dies", from_path="die")

    assert crashed is not None
    assert crashed.status is RunStatus.CRASHED
    assert resumed.content == again.content == {"k": (1, 2)}


def test_what_a_run_has_saved_stands_over_what_it_was_given(tmp_path: Path):
    def fail_once(session_state: State) -> State:
        if session_state["k"] == 2 and broken:
            raise KeyError(broken.pop())
        return dict(session_state)

    def put(session_state: State) -> None:
        session_state["k"] = 2

    broken = ["once"]
    workflow = made(tmp_path / "x.db", put, fail_once)
    with pytest.raises(StepFailedError):
        workflow.run(run_id="fails", session_id="s", session_state={"k": 1})

    assert workflow.resume("fails").content == {"k": 2}
    assert workflow.rerun("fails", from_path="fail_once").content == {"k": 2}
    assert workflow.rerun("fails", from_path="put").content == {"k": 2}
