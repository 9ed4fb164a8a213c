"""What a workflow inside another has of its own, and what of the run around it."""

import logging
from typing import Any

import pytest

from tuiflow import RunContext, Workflow, WorkflowRunEvent


def tell(run_context: RunContext) -> list[dict[str, Any]]:
    values = run_context.session_state, run_context.metadata, run_context.dependencies
    return [dict(each) for each in values]


def test_its_own_state_metadata_and_dependencies_are_there_inside_it_alone():
    own: dict[str, Any] = {
        "session_state": {"a": 1},
        "metadata": {"b": 1},
        "dependencies": {"c": 1},
    }
    outer: dict[str, Any] = {
        "session_state": {"a": 2, "x": 2},
        "metadata": {"b": 2, "y": 2},
        "dependencies": {"c": 2, "z": 2},
    }
    inner: dict[str, Any] = {"steps": [tell], "db": False, **own}
    alone = Workflow(name="alone", steps=[Workflow(name="inner", **inner)], db=False)
    nested = Workflow(name="w", steps=[Workflow(name="inner", **inner), tell], db=False, **outer)

    assert alone.run().content == [{"a": 1}, {"b": 1}, {"c": 1}]
    inside, after = (output.content for output in nested.run().step_results)
    # What the session has stands over the defaults, as in a run of its own.
    assert inside == [{"a": 2, "x": 2}, {"b": 1, "y": 2}, {"c": 1, "z": 2}]
    assert after == [{"a": 2, "x": 2}, {"b": 2, "y": 2}, {"c": 2, "z": 2}]


def test_what_belongs_to_the_run_around_it_is_named_in_the_log(caplog: pytest.LogCaptureFixture):
    inner = Workflow(
        name="inner",
        steps=[tell],
        db=False,
        user_id="ann",
        cancel_grace=1,
        events_to_skip=[WorkflowRunEvent.step_log],
    )

    with caplog.at_level(logging.INFO, "tuiflow"):
        Workflow(name="w", steps=[inner], db=False)
        Workflow(name="plain", steps=[Workflow(name="x", steps=[tell], db=False)], db=False)

    told = (
        "Workflow 'inner': as a step it has user_id, cancel_grace, "
        "events_to_skip of the run around it"
    )
    assert caplog.messages == [told]
