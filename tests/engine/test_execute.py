from tests.engine.recording_host import RecordingHost
from tuiflow.engine import RunRequest, Step, StepInput, Steps, WorkflowDefinition, execute
from tuiflow.model.ids import RunId


def one(step_input: StepInput) -> int:
    return 1


async def two(step_input: StepInput) -> int:
    return step_input.previous_step_content + 1


async def test_a_run_tells_its_start_each_step_and_its_end():
    host = RecordingHost()
    definition = WorkflowDefinition("w", Steps(steps=[one, Step(name="second", executor=two)]))

    output = await execute(definition, RunRequest(RunId("run")), host)

    assert output.content == 2
    assert host.lines == [
        "WorkflowStarted w",
        "StepStarted w/one",
        "StepCompleted w/one",
        "StepStarted w/second",
        "StepCompleted w/second",
        "WorkflowCompleted w",
    ]
