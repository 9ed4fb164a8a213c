import json
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Lock

import pytest
from pydantic import BaseModel

from tests.workflow.session_steps import State, count, made, made_again, putting, read
from tuiflow import (
    Condition,
    Loop,
    OnError,
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


class Order(BaseModel):
    number: int
    tags: list[str] = []


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


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
        with closing(sqlite3.connect(db)) as connection, connection:
            stored.extend(connection.execute("SELECT state, version FROM sessions").fetchall())
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


def test_a_value_whose_type_is_gone_is_left_out_with_a_warning_and_kept(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    made(db, putting(a=1)).run(session_id="s")
    strange = {"$type": "gone.module:Thing", "value": {"x": 1}}
    with closing(sqlite3.connect(db)) as connection, connection:
        state = json.dumps({"a": 1, "strange": strange})
        connection.execute("UPDATE sessions SET state = ?", (state,))

    workflow = made(db, putting(b=2), read)
    told = workflow.run(session_id="s").content

    assert told == {"a": 1, "b": 2}
    assert warnings(workflow)[0].startswith("session_state['strange'] is left out")
    with closing(sqlite3.connect(db)) as connection, connection:
        (kept,) = connection.execute("SELECT state FROM sessions").fetchone()
    assert json.loads(kept) == {"a": 1, "strange": strange, "b": 2}


def test_a_run_that_has_no_state_makes_no_row_of_a_session(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    made(db, lambda: None).run(session_id="s")

    with closing(sqlite3.connect(db)) as connection, connection:
        rows = connection.execute("SELECT count(*) FROM sessions").fetchone()
        runs = connection.execute("SELECT runs FROM workflow_sessions").fetchone()

    assert rows == (0,)
    assert len(json.loads(runs[0])) == 1


def test_a_sessions_row_has_its_state_its_version_and_its_runs(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    workflow = made(db, count)
    for text in ("one", "two"):
        workflow.run(text, session_id="s")

    with closing(sqlite3.connect(db)) as connection, connection:
        row = connection.execute("SELECT state, version, runs FROM workflow_sessions").fetchone()

    assert row[:2] == ('{"n":2}', 2)
    assert [run["input"]["value"] for run in json.loads(row[2])] == ["one", "two"]


def test_dropped_and_hidden_kinds_change_nothing_of_what_is_saved(db: Path | bool):
    workflow = made(db, count, events_to_skip=[WorkflowRunEvent.step_completed])

    assert [workflow.run(session_id="s").content for _ in range(2)] == [1, 2]
