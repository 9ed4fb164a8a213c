"""What runs of one session share, as their users write it: each a whole small program."""

from collections.abc import Iterator
from typing import Any

from tuiflow import Condition, Router, RunContext, Step, StepInput, StepOutput, Workflow


def test_functions_read_and_change_the_state_of_their_session():
    def plan(step_input: StepInput, session_state: dict[str, Any]) -> StepOutput:
        if "plans" not in session_state:
            session_state["plans"] = []
        session_state["plan_counter"] += 1
        session_state["plans"].append({"id": session_state["plan_counter"]})
        return StepOutput(content=f"plan {session_state['plan_counter']} of {step_input.input}")

    def summary(step_input: StepInput, session_state: dict[str, Any]) -> Iterator[StepOutput]:
        yield StepOutput(content=f"{len(session_state['plans'])} so far")

    workflow = Workflow(
        name="Planning",
        steps=[Step(name="Plan", executor=plan), Step(name="Summary", executor=summary)],
        session_state={"plan_counter": 0},
    )

    contents = [workflow.run(topic).content for topic in ("tea", "bees")]

    assert contents == ["1 so far", "2 so far"]
    assert workflow.get_session_state() == {"plan_counter": 2, "plans": [{"id": 1}, {"id": 2}]}


def test_a_step_sets_the_whole_state_of_its_session():
    def add(step_input: StepInput, run_context: RunContext) -> StepOutput:
        if not run_context.session_state:
            run_context.session_state = {"items": []}
        run_context.session_state["items"].append(step_input.input)
        return StepOutput(content=len(run_context.session_state["items"]))

    def see(step_input: StepInput, session_state: dict[str, Any]) -> StepOutput:
        return StepOutput(content=list(session_state["items"]))

    workflow = Workflow(name="Shopping", steps=[add, see])

    assert [workflow.run(item).content for item in ("tea", "bread")] == [["tea"], ["tea", "bread"]]
    assert workflow.get_session_state() == {"items": ["tea", "bread"]}


def test_a_condition_asks_the_state_of_its_session():
    def is_new(step_input: StepInput, session_state: dict[str, Any]) -> bool:
        return not session_state.get("has_been_greeted", False)

    def greet(step_input: StepInput, session_state: dict[str, Any]) -> StepOutput:
        session_state["has_been_greeted"] = True
        return StepOutput(content="hello")

    def answer(step_input: StepInput) -> StepOutput:
        return StepOutput(content=f"{step_input.get_last_step_content()}, {step_input.input}")

    workflow = Workflow(
        name="Greeting", steps=[Condition(name="New?", evaluator=is_new, steps=[greet]), answer]
    )

    contents = [workflow.run("ann", session_id=s).content for s in ("one", "one", "other")]

    assert contents == ["hello, ann", "None, ann", "hello, ann"]


def test_a_router_remembers_in_the_state_of_its_session():
    steps = [
        Step(name=name, executor=lambda s, run_context: run_context.step_name) for name in "ab"
    ]

    def in_turn(step_input: StepInput, session_state: dict[str, Any]) -> list[Step]:
        session_state["turn"] = session_state.get("turn", -1) + 1
        return [steps[session_state["turn"] % 2]]

    workflow = Workflow(name="Turns", steps=[Router(name="r", selector=in_turn, choices=steps)])

    assert [workflow.run().content for _ in range(3)] == ["a", "b", "a"]


def test_a_function_looks_back_at_earlier_runs():
    def covered(step_input: StepInput) -> StepOutput:
        history = step_input.get_workflow_history(num_runs=5)
        topics = [request for request, _content in history]
        context = step_input.get_workflow_history_context(num_runs=1) or ""
        return StepOutput(content=f"{topics} {context.count('User input')}")

    workflow = Workflow(name="Topics", steps=[covered], add_workflow_history_to_steps=True)

    contents = [workflow.run(topic, session_id="s").content for topic in ("ai", "ml", "tea")]

    assert contents == ["[] 0", "['ai'] 1", "['ai', 'ml'] 1"]


def test_a_run_is_given_more_than_its_workflow_has():
    def look(step_input: StepInput, run_context: RunContext) -> StepOutput:
        return StepOutput(content=[run_context.dependencies, run_context.metadata])

    workflow = Workflow(
        name="Configured",
        steps=[look],
        dependencies={"database_url": "here", "api_version": "v2"},
        metadata={"project": "acme"},
    )

    response = workflow.run("x", dependencies={"api_version": "v3"}, metadata={"campaign": "new"})

    assert response.content == [
        {"database_url": "here", "api_version": "v3"},
        {"project": "acme", "campaign": "new"},
    ]
