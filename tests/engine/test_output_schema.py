"""Schemas: what does not fit fails that node, field by field."""

import json

import pytest
from pydantic import BaseModel

from tests.engine.recording_host import RecordingHost
from tests.engine.running import run_steps
from tuiflow import Workflow
from tuiflow.engine import (
    NestedWorkflow,
    RunRequest,
    Step,
    StepInput,
    StepOutput,
    Steps,
    WorkflowDefinition,
    execute,
)
from tuiflow.errors import DefinitionError, InputError, OutputError, StepFailedError
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status


class Line(BaseModel):
    amount: int


class Order(BaseModel):
    name: str
    lines: list[Line] = []


def give(value: object) -> Step:
    return Step(name="s", executor=lambda s: value, output_schema=Order)


@pytest.mark.parametrize(
    "value",
    [
        Order(name="a", lines=[Line(amount=1)]),
        {"name": "a", "lines": [{"amount": 1}]},
        '{"name": "a", "lines": [{"amount": 1}]}',
        StepOutput(content={"name": "a", "lines": [{"amount": "1"}]}),
    ],
)
async def test_a_steps_output_schema_makes_its_content_the_model(value: object):
    ran = await run_steps(give(value))

    assert ran.content == Order(name="a", lines=[Line(amount=1)])


async def test_text_of_a_generator_is_validated_as_json():
    def stream(step_input: StepInput):
        yield from json.dumps({"name": "a"})

    ran = await run_steps(Step(name="s", executor=stream, output_schema=Order))

    assert ran.content == Order(name="a")


async def test_a_mismatch_fails_that_node_with_the_field_errors():
    ran = await run_steps(give({"lines": [{"amount": "many"}]}))

    assert isinstance(ran.error and ran.error.__cause__, OutputError)
    assert str(ran.error) == (
        "w/s failed: OutputError: the output does not fit Order: name: Field required; "
        "lines.0.amount: Input should be a valid integer, unable to parse string as an integer"
    )
    assert ran.status("w/s") is Status.ERROR


async def test_a_mismatch_is_tried_again_where_failures_are():
    answers = iter(["no json", '{"name": "a"}'])
    ran = await run_steps(
        Step(name="s", executor=lambda s: next(answers), output_schema=Order, max_retries=1)
    )

    assert ran.content == Order(name="a")


async def test_an_output_that_says_it_failed_is_not_validated():
    ran = await run_steps(give(StepOutput(success=False, error="nothing found")))

    assert ran.output
    assert ran.output.steps[0].error == "nothing found"


async def run_with_schema(*steps: object) -> tuple[RecordingHost, StepOutput]:
    host = RecordingHost()
    definition = WorkflowDefinition("w", Steps(steps=steps), output_schema=Order)
    return host, await execute(definition, RunRequest(RunId("run")), host)


async def test_output_schema_on_workflow_validates_the_final_content():
    _, output = await run_with_schema(lambda s: "ignored", lambda s: {"name": "a"})

    assert output.content == Order(name="a")


async def test_a_final_content_that_does_not_fit_fails_the_workflow():
    host = RecordingHost()
    definition = WorkflowDefinition("w", Steps(steps=[lambda s: 3]), output_schema=Order)

    with pytest.raises(StepFailedError, match=r"w failed: OutputError: the output does not fit"):
        await execute(definition, RunRequest(RunId("run")), host)

    assert host.lines[-2:] == ["StepCompleted w/step_1", "WorkflowError w"]


async def test_a_nested_workflows_schema_makes_what_its_host_sees():
    inner = WorkflowDefinition("inner", Steps(steps=[lambda s: {"name": "a"}]), output_schema=Order)
    ran = await run_steps(
        NestedWorkflow(inner),
        Step(name="after", executor=lambda s: s.previous_step_content.name),
    )

    assert ran.content == "a"
    assert ran.output
    assert ran.output.steps[0].content_path == "w/inner"


async def test_a_step_with_a_workflow_has_its_own_schema():
    inner = WorkflowDefinition("inner", Steps(steps=[lambda s: {"name": "a"}]))
    ran = await run_steps(Step(name="n", workflow=inner, output_schema=Order))

    assert ran.content == Order(name="a")


async def test_a_nested_workflow_that_does_not_fit_fails_as_that_node():
    inner = WorkflowDefinition("inner", Steps(steps=[lambda s: 3]), output_schema=Order)
    ran = await run_steps(NestedWorkflow(inner, on_error="skip"), lambda s: "went on")

    assert ran.content == "went on"
    assert ran.status("w/inner") is Status.ERROR
    assert ran.status("w/inner/step_1") is Status.COMPLETED


@pytest.mark.parametrize("schema", [dict, "Order", Order(name="a"), list[Order]])
def test_a_schema_is_a_model_class(schema: object):
    with pytest.raises(DefinitionError, match="output_schema= takes a model class"):
        Step(name="s", executor=print, output_schema=schema)
    with pytest.raises(DefinitionError, match="output_schema= takes a model class"):
        Workflow(name="w", steps=[print], output_schema=schema)
    with pytest.raises(DefinitionError, match="input_schema= takes a model class"):
        Workflow(name="w", steps=[print], input_schema=schema)


@pytest.mark.parametrize(
    "value", [Order(name="a"), {"name": "a"}, '{"name": "a"}', b'{"name": "a"}']
)
def test_an_input_is_validated_to_the_model(value: object):
    workflow = Workflow(name="w", steps=[lambda s: s.input], input_schema=Order, db=False)

    assert workflow.run(value).content == Order(name="a")


@pytest.mark.parametrize("value", [None, {"lines": [{"amount": "x"}]}, "not json", 3])
def test_an_invalid_input_raises_before_any_row_is_written(value: object, tmp_path):
    workflow = Workflow(name="w", steps=[print], input_schema=Order, db=tmp_path / "runs.db")

    with pytest.raises(InputError, match=r"the input does not fit workflow 'w': (\w|\.|:)+ "):
        workflow.run(value)

    assert list(tmp_path.iterdir()) == []
