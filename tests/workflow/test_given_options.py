"""What a run and a workflow may be given, and what they refuse in one sentence."""

from pathlib import Path
from typing import Any

import pytest

from tuiflow import Image, Loop, Parallel, RunContext, StepInput, Workflow
from tuiflow.errors import DefinitionError, InputError, RunExistsError, StepFailedError


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def echo(step_input: StepInput) -> object:
    return step_input.input


def made(db: Any, **options: Any) -> Workflow:
    return Workflow(name="w", steps=[echo], db=db, **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"session_state": "x"}, "run(): session_state= takes a dict, not str"),
        ({"metadata": ["x"]}, "run(): metadata= takes a dict, not list"),
        ({"dependencies": 1}, "run(): dependencies= takes a dict, not int"),
        ({"additional_data": [1]}, "run(): additional_data= takes a dict, not list"),
        ({"session_id": 3}, "run(): session_id= takes text, not int"),
        ({"user_id": 3}, "run(): user_id= takes text, not int"),
        ({"run_id": 3}, "run(): run_id= takes text, not int"),
    ],
)
def test_an_option_of_a_run_that_is_of_another_kind_is_refused_in_one_sentence(
    tmp_path: Path, options: dict[str, Any], sentence: str
):
    with pytest.raises(InputError) as refused:
        made(tmp_path / "x.db").run(**options)

    assert str(refused.value) == sentence
    assert not (tmp_path / "x.db").exists()


@pytest.mark.parametrize("name", ["session_state", "metadata", "dependencies", "session_id"])
def test_an_option_of_a_workflow_that_is_of_another_kind_is_refused(name: str):
    with pytest.raises(DefinitionError, match=f"Workflow 'w': {name}= takes"):
        made(False, **{name: [1]})
    with pytest.raises(DefinitionError, match="cancel_grace is a number of seconds"):
        made(False, cancel_grace="3")


def test_a_run_id_that_another_run_has_is_refused_and_that_run_is_kept(db: Path | bool):
    workflow = made(db)
    workflow.run("first", run_id="the-run")

    with pytest.raises(RunExistsError, match="run 'the-run' exists already"):
        workflow.run("second", run_id="the-run")

    kept = workflow.get_run("the-run")
    assert kept is not None
    assert (kept.input, kept.content) == ("first", "first")


def test_a_number_of_times_that_is_none_is_refused():
    times: Any = "3"

    with pytest.raises(DefinitionError, match="max_iterations='3' runs nothing"):
        Loop(steps=[echo], max_iterations=times)
    with pytest.raises(DefinitionError, match="it is a number from 1 up"):
        Parallel(echo, max_concurrency=times)


def test_what_a_run_was_given_is_there_when_it_goes_on(tmp_path: Path):
    broken = [True]

    def tell(step_input: StepInput) -> list[object]:
        if broken:
            raise KeyError(broken.pop())
        names = [image.name for image in step_input.images]
        return [step_input.input, step_input.additional_data, names]

    workflow = Workflow(name="w", steps=[echo, tell], db=tmp_path / "x.db")
    cat = Image(content=b"png", name="cat.png")
    with pytest.raises(StepFailedError):
        workflow.run("tea", additional_data={"k": 1}, images=[cat], run_id="the-run")

    assert workflow.resume("the-run").content == ["tea", {"k": 1}, ["cat.png"]]


@pytest.mark.parametrize("options", [{}, {"input": "other"}], ids=["same input", "other input"])
def test_a_rerun_has_the_metadata_of_the_run_it_takes_over_from(
    tmp_path: Path, options: dict[str, Any]
):
    def tell(run_context: RunContext) -> object:
        return run_context.metadata

    workflow = Workflow(name="w", steps=[tell], metadata={"own": 1}, db=tmp_path / "x.db")
    first = workflow.run("tea", metadata={"k": 1})

    again = workflow.rerun(first.run_id, **options)

    assert again.content == again.metadata == {"own": 1, "k": 1}
