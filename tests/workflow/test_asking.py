"""What a workflow tells between two runs: its last one, and its session's state."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tuiflow import StepInput, Workflow


class Task(BaseModel):
    name: str


def add(step_input: StepInput, session_state: dict[str, Any]) -> None:
    session_state.setdefault("tasks", []).append(Task(name=step_input.input))


@pytest.fixture(params=["stored", "in memory"])
def workflow(request: pytest.FixtureRequest, tmp_path: Path) -> Workflow:
    db = tmp_path / "x.db" if request.param == "stored" else False
    return Workflow(name="tasks", steps=[add], db=db)


def test_the_state_of_its_own_or_another_session_is_read_as_it_is_stored_now(workflow: Workflow):
    assert workflow.get_session_state() == {}

    workflow.run("tea")
    workflow.run("bees", session_id="other")

    assert workflow.get_session_state() == {"tasks": [Task(name="tea")]}
    assert workflow.get_session_state("other") == {"tasks": [Task(name="bees")]}
    assert workflow.get_session_state(session_id="nobody") == {}


def test_changing_what_was_read_changes_nothing(workflow: Workflow):
    workflow.run("tea")
    workflow.get_session_state()["tasks"].clear()

    assert workflow.get_session_state() == {"tasks": [Task(name="tea")]}


def test_the_last_run_is_told_until_the_next(workflow: Workflow):
    assert workflow.get_last_run_output() is None

    output = workflow.run("tea")

    assert workflow.get_last_run_output() is output
