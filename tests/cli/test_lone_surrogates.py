"""Text with half a character in it, wherever a workflow can put some."""

import pytest

from tests.cli.conftest import Project

HALVES = """
import logging

from pydantic import BaseModel, Field

from tuiflow import Condition, Step, Workflow


class Asked(BaseModel):
    word: str = Field(default="w", description="ask \\ud800")


def say(step_input, run_context):
    print("printed \\ud800")
    logging.getLogger("log\\ud800").warning("logged \\ud800")
    run_context.progress(1, 2, "done \\ud800")
    return {"key \\ud800": "value \\ud801"}


def look(step_input):
    found = step_input.get_step_content("say \\ud800")
    return f"saw \\ud800 {found is not None}"


def fail(step_input):
    raise ValueError("wrong \\ud800")


steps = [Step(name="say \\ud800", description="step \\ud800", executor=say), look]
good = Workflow(name="good \\ud800", description="flow \\ud800", input_schema=Asked, steps=steps)
bad = Workflow(name="bad", steps=[say, Condition(name="if \\ud800", evaluator=True, steps=[fail])])
"""


@pytest.fixture
def halves(own_project: Project) -> Project:
    (own_project.folder / "workflows" / "halves.py").write_text(HALVES)
    return own_project


def test_a_workflow_with_half_a_character_in_all_its_texts_runs_and_is_shown(halves: Project):
    listed = halves.tuiflow("list")
    ran = halves.tuiflow("run", "good ‹d800›")
    shown = halves.tuiflow("show", "last")

    assert "good ‹d800›" in listed.stdout
    assert "flow ‹d800›" in listed.stdout
    assert ran.returncode == 0, ran.stderr
    for words in ("printed ‹d800›", "log‹d800›: logged ‹d800›", "done ‹d800›", "value ‹d801›"):
        assert words in ran.stdout
    assert "saw ‹d800› True" in shown.stdout
    assert "say ‹d800›" in shown.stdout


def test_a_failure_with_half_a_character_in_its_message_is_a_failure(halves: Project):
    ran = halves.tuiflow("run", "bad")
    (shown,) = halves.json("show", "last")

    assert ran.returncode == 1
    assert "ValueError: wrong ‹d800›" in ran.stdout
    assert shown["failure"]["message"] == "wrong ‹d800›"


def test_an_input_that_is_no_text_reaches_the_step_as_it_is(halves: Project):
    ran = halves.tuiflow("run", "echo", "h\udcff")
    (shown,) = halves.json("show", "last")

    assert ran.returncode == 0, ran.stderr
    assert shown["content"]["input"] == "h‹dcff›"
