from functools import partial

import anyio
import anyio.lowlevel
import pytest

from tuiflow import (
    Loop,
    Parallel,
    RunContext,
    Step,
    StepInput,
    StepOutput,
    Workflow,
    WorkflowExecutionInput,
)
from tuiflow.errors import DefinitionError, RunError, StepFailedError
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status


def double(step_input: StepInput) -> int:
    return 2 * step_input.input


def plus_one(step_input: StepInput) -> int:
    return step_input.previous_step_content + 1


def run(function, given: object = None, **options):
    return Workflow(name="w", steps=function, db=False).run(given, **options)


class Whole:
    def __call__(self, workflow: Workflow, execution_input: WorkflowExecutionInput) -> str:
        return f"{workflow.name} {execution_input.input}"

    def method(self, workflow: Workflow, execution_input: WorkflowExecutionInput) -> str:
        return self(workflow, execution_input)


async def awaited(workflow: Workflow, execution_input: WorkflowExecutionInput) -> str:
    await anyio.lowlevel.checkpoint()
    return Whole()(workflow, execution_input)


def generated(workflow: Workflow, execution_input: WorkflowExecutionInput):
    yield f"{workflow.name} "
    yield execution_input.message


async def generated_in_the_loop(workflow: Workflow, execution_input: WorkflowExecutionInput):
    yield f"{workflow.name} "
    yield execution_input.get_input_as_string()


def with_more(more: str, workflow: Workflow, execution_input: WorkflowExecutionInput, **_) -> str:
    return more + Whole()(workflow, execution_input)


@pytest.mark.parametrize(
    "function",
    [
        *(Whole(), Whole().method, awaited, generated, generated_in_the_loop),
        partial(with_more, ""),
        lambda *given: Whole()(*given),
    ],
)
def test_steps_may_be_one_function_of_any_kind(function):
    output = run(function, "go")

    assert output.content == "w go"
    assert [event.event for event in output.events if event.event != "StepContent"] == [
        "WorkflowStarted",
        "WorkflowCompleted",
    ]


def test_its_text_streams_and_its_value_keeps_its_type():
    assert [event.event for event in run(generated, "go", stream=True)] == [
        "WorkflowStarted",
        "StepContent",
        "WorkflowCompleted",
    ]
    assert run(lambda workflow, execution_input: {"n": 1}).content == {"n": 1}
    assert run(lambda workflow, execution_input: StepOutput(content=2)).content == 2


def test_it_has_the_run_context_and_the_additional_data():
    def function(
        workflow: Workflow, execution_input: WorkflowExecutionInput, run_context: RunContext
    ) -> object:
        run_context.log("hello")
        return execution_input.additional_data, run_context.node_path, run_context.user_id

    output = run(function, additional_data={"k": 1}, user_id="ann")

    assert output.content == ({"k": 1}, "w", "ann")
    assert "StepLog" in [event.event for event in output.events]


def test_steps_it_executes_are_nodes_in_the_order_of_the_calls():
    def function(workflow: Workflow, execution_input: WorkflowExecutionInput) -> list[object]:
        first = Step(name="one", executor=double).execute(StepInput(input=4))
        look = Parallel(plus_one, double, name="look").execute(5)
        again = Step(name="one", executor=plus_one).execute(
            StepInput(input=1, previous_step_content=look.content["double"])
        )
        return [first.content, look.content, again.content]

    output = run(function)
    state = RunState().after(output.events)

    assert output.content == [8, {"plus_one": 9, "double": 10}, 11]
    assert list(state.nodes) == [
        "w",
        "w/one",
        "w/look",
        "w/look/plus_one",
        "w/look/double",
        "w/one~2",
    ]
    assert all(node.status is Status.COMPLETED for node in state.nodes.values())
    assert [each.step_name for each in output.step_results] == ["one", "look", "one"]
    assert set(output.metrics.steps) == {"one", "look", "look/plus_one", "look/double", "one~2"}


def test_a_step_executed_without_an_input_has_the_runs_and_sees_those_before_it():
    def function(workflow: Workflow, execution_input: WorkflowExecutionInput) -> object:
        Step(name="one", executor=double).execute()
        return Step(name="two", executor=plus_one).execute().content

    assert run(function, 4).content == 9


async def test_an_async_function_executes_several_at_once():
    both = anyio.Event()
    waiting: list[int] = []

    async def meet(step_input: StepInput) -> int:
        waiting.append(step_input.input)
        if len(waiting) == 2:
            both.set()
        await both.wait()
        return step_input.input

    async def function(workflow: Workflow, execution_input: WorkflowExecutionInput) -> list[int]:
        found: list[int] = []

        async def call(number: int) -> None:
            output = await Step(name="meet", executor=meet).aexecute(number)
            found.append(output.content)

        async with anyio.create_task_group() as group:
            group.start_soon(call, 1)
            group.start_soon(call, 2)
        return sorted(found)

    with anyio.fail_after(10):
        output = await Workflow(name="w", steps=function, db=False).arun()

    assert output.content == [1, 2]


def test_a_failing_step_is_raised_where_it_was_executed_and_may_be_caught():
    def fail(step_input: StepInput) -> None:
        raise KeyError("EUR")

    def caught(workflow: Workflow, execution_input: WorkflowExecutionInput) -> str:
        try:
            Step(name="fails", executor=fail).execute()
        except StepFailedError as error:
            return f"caught {error}"
        return "nothing"

    def uncaught(workflow: Workflow, execution_input: WorkflowExecutionInput) -> None:
        Step(name="fails", executor=fail).execute()

    assert run(caught).content == "caught w/fails failed: KeyError: 'EUR'"
    with pytest.raises(StepFailedError) as failed:
        run(uncaught)
    assert failed.value.node_path == "w/fails"
    assert isinstance(failed.value.__cause__, KeyError)


def test_what_the_function_raises_fails_the_run():
    def function(workflow: Workflow, execution_input: WorkflowExecutionInput) -> None:
        raise ValueError("no")

    with pytest.raises(StepFailedError, match="w failed: ValueError: no"):
        run(function)


@pytest.mark.parametrize("is_async", [False, True])
async def test_a_cancel_reaches_what_the_function_waits_for(is_async: bool):
    def spin(step_input: StepInput) -> None:
        while True:
            pass

    def function(workflow: Workflow, execution_input: WorkflowExecutionInput) -> None:
        Step(name="spin", executor=spin).execute()

    async def in_the_loop(workflow: Workflow, execution_input: WorkflowExecutionInput) -> None:
        await Step(name="spin", executor=spin).aexecute()

    chosen = in_the_loop if is_async else function
    workflow = Workflow(name="w", steps=chosen, db=False)
    with anyio.fail_after(20):
        async for event in workflow.arun(run_id="r", stream=True):
            if event.event == "StepStarted":
                workflow.cancel_run("r", "enough")

    assert workflow.run_response is not None
    kinds = [event.event for event in workflow.run_response.events if event.event != "StepLog"]
    assert kinds[-2:] == ["StepCancelled", "WorkflowCancelled"]


def test_many_functions_that_wait_for_steps_leave_these_their_threads():
    def function(workflow: Workflow, execution_input: WorkflowExecutionInput) -> int:
        return Step(name="one", executor=double).execute(1).content

    inner = [Workflow(name=f"w{number}", steps=function) for number in range(40)]
    output = Workflow(name="all", steps=[Parallel(*inner, name="p")], db=False).run()

    assert set(output.content.values()) == {2}


def test_composites_that_it_executes_show_what_runs_inside():
    def function(workflow: Workflow, execution_input: WorkflowExecutionInput) -> object:
        return Loop(name="again", steps=[double], max_iterations=2).execute(3).content

    output = run(function)

    assert output.content == 6
    assert set(output.metrics.steps) == {
        *("again", "again[1]", "again[2]"),
        *("again[1]/double", "again[2]/double"),
    }


def test_executing_elsewhere_says_where_it_works():
    step = Step(name="one", executor=double)

    with pytest.raises(RunError, match="works inside a function given as steps="):
        step.execute()
    with pytest.raises(StepFailedError, match="works inside a function given as steps="):
        Workflow(name="w", steps=[lambda s: step.execute()], db=False).run()


def test_a_function_of_one_parameter_is_told_to_stand_in_a_list():
    with pytest.raises(DefinitionError, match=r"write steps=\[double\]"):
        Workflow(name="w", steps=double)
    with pytest.raises(DefinitionError, match="Whole is a class: give it an instance"):
        Workflow(name="w", steps=Whole)


def test_the_outline_names_the_function():
    assert Workflow(name="w", steps=awaited).outline().root.label == "awaited"
