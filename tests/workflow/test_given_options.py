"""What a run and a workflow may be given, and what they refuse in one sentence."""

from pathlib import Path
from typing import Any

import pytest

from tuiflow import Workflow
from tuiflow.errors import DefinitionError, InputError, RunExistsError


@pytest.fixture(params=["stored", "in memory"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Path | bool:
    return tmp_path / "tuiflow.db" if request.param == "stored" else False


def made(db: Path | bool, **options: Any) -> Workflow:
    return Workflow(name="w", steps=[lambda step_input: step_input.input], db=db, **options)


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
