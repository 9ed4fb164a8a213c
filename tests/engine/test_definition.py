import logging

import pytest
from pydantic import BaseModel

from tuiflow import Workflow
from tuiflow.engine import (
    Condition,
    Loop,
    OnError,
    Parallel,
    Retry,
    Router,
    Step,
    StepInput,
    Steps,
    WorkflowDefinition,
)
from tuiflow.errors import DefinitionError, InputError, NotSupportedError


def f(step_input: StepInput) -> None: ...


NOTHING = WorkflowDefinition("nothing", Steps(steps=[f]))


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: Step(name="a"), "Step 'a': has nothing to call"),
        (lambda: Step(name="a", executor=3), "Step 'a': executor= takes a function, not int"),
        (lambda: Step(name="", executor=f), "a name has 1 to 200 characters, not 0"),
        (lambda: Step(name="x" * 201, executor=f), "not 201"),
        (lambda: Step(name=3, executor=f), "name must be text, not int"),
        (lambda: Step(name="a", executor=f, on_error="retry"), "on_error is 'fail' or 'skip'"),
        (lambda: Step(name="a", executor=f, timeout=-1), "timeout=-1: it is a number of seconds"),
        (lambda: Step(name="a", executor=f, timeout=0), "above 0, or left out for none"),
        (lambda: Step(name="a", executor=f, timeout=True), "timeout=True"),
        (lambda: Step(name="a", executor=f, timeout_seconds="9"), "timeout='9'"),
        (lambda: Step(name="a", executor=f, timeout=1, timeout_seconds=1), "keep one"),
        (lambda: Step(name="a", executor=f, max_retries=-1), "Step 'a': max_retries=-1"),
        (lambda: Step(name="a", executor=f, max_retries="3"), "it is a number from 0 up"),
        (lambda: Step(name="a", executor=f, retry=3), "retry= takes Retry(attempts=3), not int"),
        (
            lambda: Step(name="a", executor=f, retry=Retry(attempts=2), max_retries=1),
            "Step 'a': has both retry= and max_retries=: keep one",
        ),
        (lambda: Step(name="a", executor=f, workflow=NOTHING), "has both executor= and workflow="),
        (lambda: Step(name="a", workflow=3), "workflow= takes a Workflow, not int"),
        (lambda: Step(name="a", executor=f, step_id=3), "step_id= takes text, not int"),
        (lambda: Parallel(), "Parallel: has no steps"),
        (lambda: Parallel(f, max_concurrency=0), "runs nothing"),
        (lambda: Steps(name="s", steps=[]), "Steps 's': steps= is empty"),
        (lambda: Steps(name="s", steps=f), "takes a list of steps"),
        (lambda: Steps(steps=[3]), "int 3 is not a step"),
        (lambda: Parallel([f, f]), "Parallel: a list is no step: give its steps one by one"),
        (lambda: Steps(steps=[Step]), "Step is a class"),
        (lambda: Loop(steps=[f], max_iterations=0), "runs nothing"),
        (lambda: Loop(steps=[f], end_condition=True), "end_condition= takes a function"),
        (lambda: Condition(evaluator="yes", steps=[f]), "evaluator= takes True, False"),
        (lambda: Router(choices=[f, f], selector=f), "two choices are named 'f'"),
        (lambda: Step(name="a", executor=f, agent=f), "has both executor= and agent=: keep one"),
        (lambda: Step(name="a", agent=object()), "an object with an async run or arun, not object"),
        (lambda: Step(name="a", team=dict), "with an async run or arun, not the class dict"),
        (lambda: Step(name="a", agent=Workflow(name="w", steps=[f])), "write workflow= for"),
        (lambda: Router(choices=[f], selector="f"), "selector= takes a function"),
    ],
)
def test_what_cannot_be_built_is_said_with_its_node(build, sentence):
    with pytest.raises(DefinitionError) as refused:
        build()

    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    "options",
    [
        {"on_error": OnError.pause},
    ],
)
def test_what_is_not_built_yet_is_refused(options):
    with pytest.raises(NotSupportedError, match="is not supported yet"):
        Step(name="a", **{"executor": f, **options})


@pytest.mark.parametrize(
    "make",
    [
        lambda **asked: Step(executor=f, **asked),
        lambda **asked: Steps(steps=[f], **asked),
        lambda **asked: Condition(evaluator=True, steps=[f], **asked),
        lambda **asked: Loop(steps=[f], **asked),
        lambda **asked: Router(choices=[f], selector=f, **asked),
        lambda **asked: Parallel(f, **asked),
    ],
)
def test_asking_a_person_is_refused_as_not_built_yet(make):
    with pytest.raises(NotSupportedError, match=r"human_review= is not supported yet"):
        make(human_review=object())


def test_a_text_before_a_parallels_steps_is_its_name():
    assert Parallel("look", f, f).name == "look"
    assert Parallel("look", f, name="find").name == "find"
    with pytest.raises(DefinitionError, match="Parallel 'look': has no steps"):
        Parallel("look")


def test_what_a_step_has_no_use_for_is_accepted_and_named_in_the_log(caplog):
    with caplog.at_level(logging.INFO, "tuiflow"):
        Step(name="a", executor=f, strict_input_validation=True)

    assert [each.getMessage() for each in caplog.records] == [
        "Step 'a': strict_input_validation does nothing here"
    ]


def test_an_option_nobody_knows_is_a_type_error():
    with pytest.raises(TypeError):
        Step(name="a", executor=f, colour="red")


class Order(BaseModel):
    count: int


def test_an_input_is_made_what_the_schema_says():
    definition = WorkflowDefinition("w", Steps(steps=[f]), input_schema=Order)

    given = [Order(count=1), {"count": 1}, '{"count": 1}']

    assert [definition.validate_input(value) for value in given] == [Order(count=1)] * 3
    with pytest.raises(InputError, match="does not fit workflow 'w': count: Field required"):
        definition.validate_input(None)


def test_the_outline_has_the_paths_of_the_events():
    definition = WorkflowDefinition(
        "w",
        Steps(
            steps=[
                f,
                f,
                Parallel(f, lambda s: 1),
                Condition(evaluator=True, steps=[f], else_steps=[f], name="a/b"),
            ]
        ),
    )

    assert [path for path, _ in definition.tree.walk()] == [
        "w",
        "w/f",
        "w/f~2",
        "w/parallel_1",
        "w/parallel_1/f",
        "w/parallel_1/step_1",
        "w/a%2Fb",
        "w/a%2Fb/f",
        "w/a%2Fb/else",
        "w/a%2Fb/else/f",
    ]
