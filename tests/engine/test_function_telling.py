"""What is told of a function workflow: in its order, with all that it executed."""

from contextlib import suppress

from tuiflow import Condition, Step, StepInput, Workflow, WorkflowExecutionInput
from tuiflow.errors import StepFailedError
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.workflow.recorded import Recorded


def double(step_input: StepInput) -> int:
    return 2 * step_input.input


def run(function, given: object = None, **options):
    return Workflow(name="w", steps=function, db=False).run(given, **options)


def test_what_it_says_stands_before_the_step_it_calls_next():
    def telling(workflow: Workflow, execution_input: WorkflowExecutionInput):
        yield "doubling "
        yield str(Step(executor=double).execute().content)

    told = [(e.event, getattr(e, "text", "")) for e in run(telling, 2, stream=True)]

    assert told == [
        ("WorkflowStarted", ""),
        ("StepContent", "doubling "),
        ("StepStarted", ""),
        ("StepCompleted", ""),
        ("StepContent", "4"),
        ("WorkflowCompleted", ""),
    ]


async def test_what_failed_in_it_is_among_its_steps_with_what_it_said():
    async def passing_over(workflow: Workflow, execution_input: WorkflowExecutionInput) -> str:
        with suppress(StepFailedError):
            await Step(name="broken", executor=lambda s: 1 / 0).aexecute()
        return str((await Step(executor=double).aexecute()).content)

    output = await Workflow(name="w", steps=passing_over, db=False).arun(2)

    told = [(step.step_name, step.success, step.error) for step in output.step_results]
    assert told == [
        ("broken", False, "ZeroDivisionError: division by zero"),
        ("double", True, None),
    ]


def test_the_other_side_of_a_condition_that_it_executes_is_told_too():
    def choosing(workflow: Workflow, execution_input: WorkflowExecutionInput):
        step = Step(name="double", executor=double)
        no = Step(name="no", executor=double)
        condition = Condition(evaluator=False, steps=[no], else_steps=[step])
        return condition.execute().content

    output = run(choosing, 2)

    state = RunState().after(output.events)
    assert output.content == 4
    assert [node.kind for path, node in state.nodes.items() if path.endswith("else")] == ["else"]
    assert state.nodes["w/condition_1/else"].status is Status.COMPLETED
    told = Recorded(output.events).outputs("w")
    assert [[step.step_name for step in each.steps] for each in told] == [["double"]]
