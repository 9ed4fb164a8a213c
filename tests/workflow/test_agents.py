"""Agents in whole workflows: what they are told of earlier runs, and what is kept of them."""

from pathlib import Path
from typing import Any, Literal

import pytest
from pydantic import BaseModel
from pydantic_ai import Agent
from pydantic_ai.models.test import TestModel

from tuiflow import Parallel, Step, Workflow


class Recorder:
    """An agent that keeps what it was told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    async def run(self, prompt: str) -> str:
        self.told.append(prompt)
        return f"answer {len(self.told)}"


PAST = (
    "<workflow_history_context>\n"
    "[Workflow Run-1]\nUser input: one\nWorkflow output: answer 1\n\n"
    "</workflow_history_context>"
)


@pytest.mark.parametrize(
    ("of_step", "of_workflow", "is_told"),
    [
        ({}, {}, False),
        ({"add_workflow_history": True}, {}, True),
        ({"num_history_runs": 2}, {}, True),
        ({}, {"add_workflow_history_to_steps": True}, True),
        ({"add_workflow_history": False}, {"add_workflow_history_to_steps": True}, False),
    ],
)
def test_an_agent_is_told_the_earlier_runs_where_its_step_or_workflow_asks(
    of_step: dict[str, Any], of_workflow: dict[str, Any], is_told: bool, tmp_path: Path
):
    agent = Recorder()
    step = Step(name="ask", agent=agent, **of_step)
    workflow = Workflow(name="w", db=tmp_path / "runs.db", steps=[step], **of_workflow)

    workflow.run("one", session_id="s")
    workflow.run("two", session_id="s")

    assert agent.told == ["one", f"{PAST}\n\ntwo" if is_told else "two"]


def test_an_agent_is_told_as_many_earlier_runs_as_its_step_says(tmp_path: Path):
    agent = Recorder()
    step = Step(name="ask", agent=agent, add_workflow_history=True, num_history_runs=1)
    workflow = Workflow(name="w", db=tmp_path / "runs.db", steps=[step])

    for text in ("one", "two", "three"):
        workflow.run(text, session_id="s")

    assert "User input: one" not in agent.told[2]
    assert "User input: two\nWorkflow output: answer 2" in agent.told[2]


class Verdict(BaseModel):
    side: Literal["left", "right"]


def test_agents_in_a_parallel_come_back_from_the_store_with_types_and_metrics(tmp_path: Path):
    def judge(side: str) -> Step:
        model = TestModel(custom_output_args={"side": side})
        return Step(name=side, agent=Agent(model, output_type=Verdict))

    both = Parallel(judge("left"), judge("right"), name="both")
    workflow = Workflow(name="w", db=tmp_path / "runs.db", steps=[both])

    output = workflow.run("which?")

    kept = workflow.get_run(output.run_id)
    assert kept is not None
    assert kept.content == {"left": Verdict(side="left"), "right": Verdict(side="right")}
    for step in kept.step_results[0].steps:
        assert step.metrics["requests"] == 1
        assert step.executor_type == "agent"
