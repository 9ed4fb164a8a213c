import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tuiflow import Parallel, Step, StepInput, StepOutput, Workflow
from tuiflow.errors import DefinitionError, StepFailedError
from tuiflow.store.queries import sql


class Question(BaseModel):
    text: str


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def talker(db: Path | bool, *ask: object, **options: Any) -> Workflow:
    """Each run answers with its input in capitals, after `ask` has looked back."""

    def answer(step_input: StepInput) -> str:
        if step_input.input == "fail":
            raise ValueError("no")
        return str(step_input.input).upper()

    return Workflow(name="w", db=db, steps=[*ask, answer], **options)  # type: ignore[arg-type]


def test_the_history_is_the_completed_runs_of_this_session_before_this_one(db: Path | bool):
    seen: list[object] = []
    workflow = talker(db, lambda step_input: seen.append(step_input.get_workflow_history()))

    workflow.run("one", session_id="s")
    workflow.run("elsewhere", session_id="t")
    with pytest.raises(StepFailedError):
        workflow.run("fail", session_id="s")
    workflow.run("two", session_id="s")
    workflow.run("three", session_id="s")

    assert seen == [[], [], [("one", "ONE")], [("one", "ONE")], [("one", "ONE"), ("two", "TWO")]]


def test_a_number_takes_the_newest_runs_oldest_first(db: Path | bool):
    seen: list[object] = []

    def ask(step_input: StepInput) -> None:
        seen[:] = [step_input.get_workflow_history(number) for number in (2, 0, 99)]

    workflow = talker(db, ask, session_id="s")
    for text in ("one", "two", "three", "four"):
        workflow.run(text)

    turns = [("one", "ONE"), ("two", "TWO"), ("three", "THREE")]
    assert seen == [turns[1:], [], turns]


def test_the_history_context_is_one_text_and_none_without_history(db: Path | bool):
    seen: list[object] = []
    workflow = talker(
        db, lambda step_input: seen.append(step_input.get_workflow_history_context(2))
    )

    for text in ("one", "two", "three"):
        workflow.run(text)

    assert seen[0] is None
    assert seen[2] == (
        "<workflow_history_context>\n"
        "[Workflow Run-1]\nUser input: one\nWorkflow output: ONE\n\n"
        "[Workflow Run-2]\nUser input: two\nWorkflow output: TWO\n\n"
        "</workflow_history_context>"
    )


def test_inputs_and_contents_are_text_also_of_models_and_of_big_values(db: Path | bool):
    seen: list[Any] = []
    big = "word " * 4000

    def ask(step_input: StepInput) -> StepOutput:
        seen[:] = step_input.get_workflow_history()
        return StepOutput(content=Question(text=big))

    workflow = Workflow(name="w", db=db, steps=[ask], input_schema=Question)  # type: ignore[arg-type]
    for text in ("one", "two"):
        workflow.run({"text": text})

    ((given, gave),) = seen
    assert given == '{\n  "text": "one"\n}'
    assert gave == f'{{\n  "text": "{big}"\n}}'


def test_a_step_and_its_workflow_say_how_many_runs_are_given_where_nobody_does(
    db: Path | bool,
):
    seen: dict[str, int] = {}

    def asking(name: str, **options: Any) -> Step:
        def ask(step_input: StepInput) -> None:
            seen[name] = len(step_input.get_workflow_history())

        return Step(name=name, executor=ask, **options)

    inner = Workflow(name="inner", steps=[asking("nested")], db=False)
    workflow = talker(
        db,
        asking("workflow"),
        Parallel(asking("own", num_history_runs=1), asking("off", add_workflow_history=False)),
        inner,
        add_workflow_history_to_steps=True,
        num_history_runs=2,
    )
    for text in "abcdef":
        workflow.run(text)
    plain = talker(
        db, asking("plain"), asking("on", add_workflow_history=True), session_id=workflow.session_id
    )
    plain._runs = workflow._kept()
    plain.run("g")

    assert seen == {"workflow": 2, "own": 1, "off": 5, "nested": 5, "plain": 6, "on": 3}


@pytest.mark.parametrize("number", [0, -1, 1.5, True, "3"])
def test_a_number_of_history_runs_is_a_whole_number_from_1_up(number: Any):
    with pytest.raises(DefinitionError, match="num_history_runs="):
        Step(name="s", executor=print, num_history_runs=number)
    with pytest.raises(DefinitionError, match="num_history_runs="):
        Workflow(name="w", steps=[print], num_history_runs=number)


def test_a_session_of_many_runs_is_read_by_its_index_and_only_when_asked(tmp_path: Path):
    db = tmp_path / "tuiflow.db"
    talker(db, session_id="s").run("one")

    with closing(sqlite3.connect(db)) as connection:
        params = {"session_id": "s", "run_id": "r", "limit": 3}
        rows = connection.execute(f"EXPLAIN QUERY PLAN {sql('past_runs')}", params)
        plan = [row[3] for row in rows if "runs_by_" in row[3]]

    assert plan == ["SEARCH runs USING INDEX runs_by_session (session_id=? AND number<?)"]
