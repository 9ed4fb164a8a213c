import json
import sqlite3
from copy import deepcopy
from pathlib import Path
from threading import Event, Lock
from typing import Any

import anyio
import pytest
from anyio import create_task_group
from pydantic import BaseModel

from tests.waiting import PATIENCE
from tuiflow import (
    Condition,
    Loop,
    OnError,
    Parallel,
    Router,
    RunContext,
    Step,
    StepInput,
    StepOutput,
    Steps,
    Workflow,
    WorkflowExecutionInput,
)
from tuiflow.errors import SessionStateError, StepFailedError
from tuiflow.model.events import StepCompletedEvent, StepLogEvent, WorkflowRunEvent

State = dict[str, Any]


class Order(BaseModel):
    number: int
    tags: list[str] = []


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def made(db: Path | bool, *steps: object, **options: Any) -> Workflow:
    return Workflow(name="w", db=db, steps=list(steps), **options)  # type: ignore[arg-type]


def putting(**values: object) -> Step:
    def put(session_state: State) -> None:
        session_state.update(values)

    return Step(name="_".join(values), executor=put)


def read(session_state: State) -> State:
    return dict(session_state)


def count(session_state: State) -> int:
    session_state["n"] = session_state.get("n", 0) + 1
    return session_state["n"]


def warnings(workflow: Workflow) -> list[str]:
    assert workflow.run_response is not None
    events = workflow.run_response.events
    return [e.text for e in events if isinstance(e, StepLogEvent) and e.level == "warning"]


def test_session_id_groups_runs_whose_state_goes_from_one_to_the_next(db: Path | bool):
    workflow = made(db, count)

    assert [workflow.run(session_id="a").content for _ in range(3)] == [1, 2, 3]
    assert workflow.run(session_id="b").content == 1
    assert workflow.run(session_id="a").content == 4


def test_state_is_visible_in_the_run_context_and_by_name_to_every_kind_of_function(
    db: Path | bool,
):
    seen: list[State] = []

    def look(session_state: State, run_context: RunContext) -> None:
        assert run_context.session_state is session_state
        seen.append(session_state)

    def step(step_input: StepInput, session_state: State, run_context: RunContext) -> None:
        look(session_state, run_context)

    async def evaluator(
        step_input: StepInput, session_state: State, run_context: RunContext
    ) -> bool:
        look(session_state, run_context)
        return True

    def end(outputs: list[StepOutput], session_state: State) -> bool:
        return session_state is seen[0]

    def select(step_input: StepInput, session_state: State, run_context: RunContext) -> str:
        look(session_state, run_context)
        return "step"

    workflow = made(
        db,
        step,
        Steps(name="s", steps=[step]),
        Condition(name="c", evaluator=evaluator, steps=[step]),
        Loop(name="l", steps=[step], end_condition=end),
        Router(name="r", selector=select, choices=[step]),
        Workflow(name="inner", steps=[step], db=False),
        session_state={"k": 1},
    )

    workflow.run(session_id="s")

    assert len(seen) == 8
    assert all(each is seen[0] for each in seen)
    assert seen[0] == {"k": 1}


def test_the_run_context_tells_session_user_dependencies_and_metadata(db: Path | bool):
    def tell(run_context: RunContext) -> object:
        ctx = run_context
        return ctx.session_id, ctx.user_id, ctx.dependencies, ctx.metadata

    told = made(db, tell, dependencies={"d": 1}, metadata={"m": 1}).run(
        session_id="s", user_id="ann"
    )

    assert told.content == ("s", "ann", {"d": 1}, {"m": 1})
    assert (told.session_id, told.user_id) == ("s", "ann")


def test_stored_values_stand_over_the_workflows_and_the_runs_own_over_both(db: Path | bool):
    workflow = made(db, read, session_state={"own": 1, "stored": 1, "given": 1})

    workflow.run(session_id="s", session_state={"stored": 2, "given": 2})
    third = workflow.run(session_id="s", session_state={"given": 3})

    assert third.content == {"own": 1, "stored": 2, "given": 3}


def test_a_run_changes_neither_its_workflows_state_nor_what_its_caller_gave(db: Path | bool):
    def change(session_state: State) -> None:
        session_state["own"].append(1)
        session_state["given"].append(1)

    given: State = {"given": []}
    workflow = made(db, change, session_state={"own": []})

    workflow.run(session_id="s", session_state=given)

    assert given == {"given": []}
    assert made(db, read, session_state=workflow.definition.session_state).run().content == {
        "own": []
    }


def test_values_are_json_or_pydantic_and_come_back_as_themselves(db: Path | bool):
    order = Order(number=7, tags=["new"])
    workflow = made(db, Step(name="look", executor=lambda session_state: dict(session_state)))
    putter = made(
        db, putting(order=order, many=[order], plain={"a": [1, None, True, 2.5, "ü\ud800"]})
    )
    putter._runs = workflow._kept()

    putter.run(session_id="s")
    back = workflow.run(session_id="s").content

    assert back == {
        "order": order,
        "many": [order],
        "plain": {"a": [1, None, True, 2.5, "ü\ud800"]},
    }
    assert back["order"] is not order


def test_other_values_are_refused_at_the_step_that_made_them(db: Path | bool):
    workflow = made(db, putting(fine=1), putting(lock=Lock()), read)

    with pytest.raises(StepFailedError, match=r"w/lock failed") as failed:
        workflow.run(session_id="s")

    assert isinstance(failed.value.__cause__, SessionStateError)
    assert str(failed.value.__cause__).startswith("session_state['lock'] cannot be stored: ")
    assert made_again(workflow, read).run(session_id="s").content == {"fine": 1}


def test_refused_values_are_put_back_so_that_the_run_may_go_on(db: Path | bool):
    def spoil(session_state: State) -> None:
        session_state["fine"] = session_state["new"] = Lock()
        session_state[3] = 1  # type: ignore[index]

    skipping = Step(name="spoil", executor=spoil, on_error=OnError.skip)
    workflow = made(db, putting(fine=1), skipping, putting(more=2), read)

    output = workflow.run(session_id="s")

    assert output.content == {"fine": 1, "more": 2}
    assert "session_state['fine'] cannot be stored" in str(output.step_results[1].error)


def test_state_is_saved_at_step_completions_together_with_the_event(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    stored: list[object] = []

    async def look(session_state: State) -> None:
        with sqlite3.connect(db) as connection:
            stored.extend(connection.execute("SELECT state, version FROM sessions").fetchall())
        connection.close()
        session_state["after"] = True

    workflow = made(db, putting(a=1), look, Step(name="idle", executor=lambda: None))
    events = workflow.run(session_id="s").events

    assert stored == [('{"a":1}', 1)]
    saved = [e.state for e in events if isinstance(e, StepCompletedEvent)]
    assert [each and each.values for each in saved] == [{"a": 1}, {"after": True}, None]


def test_a_failing_run_keeps_what_its_completed_steps_have_saved(db: Path | bool):
    def fail(session_state: State) -> None:
        session_state["half"] = 1
        raise ValueError("no")

    workflow = made(db, putting(a=1), fail)

    with pytest.raises(StepFailedError):
        workflow.run(session_id="s")

    assert made_again(workflow, read).run(session_id="s").content == {"a": 1}


def test_a_key_that_is_taken_out_stays_out(db: Path | bool):
    workflow = made(db, putting(a=1, b=2))
    workflow.run(session_id="s")

    made_again(workflow, lambda session_state: session_state.pop("a")).run(session_id="s")

    assert made_again(workflow, read).run(session_id="s").content == {"b": 2}


def test_a_nested_workflow_has_the_same_session(db: Path | bool):
    def tell(run_context: RunContext, session_state: State) -> object:
        session_state["inside"] = 1
        return run_context.session_id, run_context.user_id, dict(session_state)

    inner = Workflow(name="inner", steps=[tell], db=False, session_id="its own")
    workflow = made(db, putting(outside=1), inner)

    told = workflow.run(session_id="s", user_id="ann").content

    assert told == ("s", "ann", {"outside": 1, "inside": 1})
    assert made_again(workflow, read).run(session_id="s").content == {"outside": 1, "inside": 1}


def test_a_function_workflow_saves_what_it_did_to_the_state_itself(db: Path | bool):
    def orchestrate(
        workflow: Workflow, execution_input: WorkflowExecutionInput, session_state: State
    ) -> None:
        session_state["first"] = 1
        putting(second=2).execute()
        session_state["third"] = 3

    workflow = Workflow(name="w", steps=orchestrate, db=db)  # type: ignore[arg-type]
    workflow.run(session_id="s")

    told = made_again(workflow, read).run(session_id="s").content
    assert told == {"first": 1, "second": 2, "third": 3}


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


def test_a_value_whose_type_is_gone_is_left_out_with_a_warning_and_kept(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    made(db, putting(a=1)).run(session_id="s")
    strange = {"$type": "gone.module:Thing", "value": {"x": 1}}
    with sqlite3.connect(db) as connection:
        state = json.dumps({"a": 1, "strange": strange})
        connection.execute("UPDATE sessions SET state = ?", (state,))
    connection.close()

    workflow = made(db, putting(b=2), read)
    told = workflow.run(session_id="s").content

    assert told == {"a": 1, "b": 2}
    assert warnings(workflow)[0].startswith("session_state['strange'] is left out")
    with sqlite3.connect(db) as connection:
        (kept,) = connection.execute("SELECT state FROM sessions").fetchone()
    connection.close()
    assert json.loads(kept) == {"a": 1, "strange": strange, "b": 2}


def test_a_run_that_has_no_state_makes_no_row_of_a_session(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    made(db, lambda: None).run(session_id="s")

    with sqlite3.connect(db) as connection:
        rows = connection.execute("SELECT count(*) FROM sessions").fetchone()
        runs = connection.execute("SELECT runs FROM workflow_sessions").fetchone()
    connection.close()

    assert rows == (0,)
    assert len(json.loads(runs[0])) == 1


def test_a_sessions_row_has_its_state_its_version_and_its_runs(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    workflow = made(db, count)
    for text in ("one", "two"):
        workflow.run(text, session_id="s")

    with sqlite3.connect(db) as connection:
        row = connection.execute("SELECT state, version, runs FROM workflow_sessions").fetchone()
    connection.close()

    assert row[:2] == ('{"n":2}', 2)
    assert [run["input"]["value"] for run in json.loads(row[2])] == ["one", "two"]


@pytest.mark.parametrize("durability", ["step", "batch"])
def test_nobody_sees_a_steps_state_before_its_completion(tmp_path: Path, durability: str):
    db = tmp_path / "tuiflow.db"
    workflow = made(db, *[Step(name=f"s{at}", executor=count) for at in range(30)])
    workflow.run(session_id="s")

    assert made(db, read, durability=durability).run(session_id="s").content == {"n": 30}


def test_dropped_and_hidden_kinds_change_nothing_of_what_is_saved(db: Path | bool):
    workflow = made(db, count, events_to_skip=[WorkflowRunEvent.step_completed])

    assert [workflow.run(session_id="s").content for _ in range(2)] == [1, 2]


def made_again(workflow: Workflow, *steps: object) -> Workflow:
    """Make another workflow over the same kept runs."""
    other = made(False, *steps)
    other._runs = workflow._kept()
    return other


def setter(value: object) -> Any:
    def put(session_state: State) -> None:
        session_state["x"] = value

    return put
