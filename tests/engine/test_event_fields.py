"""What every event says of where it belongs, and what each kind says besides."""

from typing import Any

from tests.engine.composites import give
from tests.engine.running import Ran, run_steps
from tuiflow import Image, RunContext
from tuiflow.engine import (
    Condition,
    Loop,
    Parallel,
    Retry,
    Router,
    Step,
    StepInput,
    StepOutput,
    Steps,
    WorkflowDefinition,
)
from tuiflow.model import events as ev
from tuiflow.model.status import Status


def find(ran: Ran, kind: type[Any], path: str = "w") -> Any:
    return next(e for e in ran.host.events if isinstance(e, kind) and e.node_path == path)


async def test_every_event_says_which_run_node_and_attempt_it_is_of():
    async def second(step_input: StepInput, run_context: RunContext) -> int:
        if run_context.attempt == 1:
            raise ConnectionError("gone")
        return run_context.attempt

    inner = WorkflowDefinition(
        "inner", Steps(steps=[give("a", 1), Step(name="b", executor=second, max_retries=1)])
    )
    host = Step(name="n", workflow=inner)
    ran = await run_steps(give("before", 0), Loop(name="l", steps=[host], max_iterations=1))

    event = find(ran, ev.StepCompletedEvent, "w/l[1]/n/b")
    assert (event.run_id, event.nested_run_id, event.nested_depth) == ("run", "nested-1", 1)
    assert (event.workflow_name, event.step_name, event.attempt) == ("w", "b", 2)
    assert (event.parent_step_id, event.step_index) == ("w/l[1]/n", 1)
    assert event.created_at.timestamp() == event.at / 1_000_000
    assert [each.seq for each in ran.host.events] == list(range(1, len(ran.host.events) + 1))


async def test_the_ends_of_a_run_and_of_its_steps_say_what_was_given():
    def give_all(step_input: StepInput) -> StepOutput:
        image = Image(content=b"png", name="cat.png")
        return StepOutput(content={"a": 1}, images=[image], metrics={"tokens": 7}, stop=True)

    ran = await run_steps(give_all, given="go", additional_data={"k": 1})

    start, end = find(ran, ev.WorkflowStartedEvent), find(ran, ev.WorkflowCompletedEvent)
    assert (start.input.value, start.additional_data) == ("go", {"k": 1})
    assert (str(end.content), end.content_type) == ('{"a": 1}', "json")
    step = find(ran, ev.StepCompletedEvent, "w/give_all")
    assert (step.content, step.stop, step.metrics) == (end.content, True, {"tokens": 7})
    assert [each.name for each in step.media] == ["cat.png"]


async def test_composites_say_how_many_which_side_and_which_choice():
    async def broken(step_input: StepInput) -> None:
        raise KeyError("EUR")

    def enough(outputs: list[StepOutput]) -> bool:
        return True

    a, b = give("a", 1), give("b", 2)
    ran = await run_steps(
        Parallel(a, b, name="p"),
        Steps(name="s", steps=[a, b], on_error="skip"),
        Condition(name="c", evaluator=False, steps=[a], else_steps=[b]),
        Router(name="r", choices=[a, b], selector=lambda: ["b", "a"]),
        Loop(name="l", steps=[a], end_condition=enough, max_iterations=4),
        Steps(name="bad", steps=[broken], on_error="skip"),
    )

    assert find(ran, ev.ParallelExecutionStartedEvent, "w/p").count == 2
    assert find(ran, ev.StepsExecutionStartedEvent, "w/s").count == 2
    condition = find(ran, ev.ConditionExecutionStartedEvent, "w/c")
    assert (condition.result, condition.branch) == (False, "else")
    assert find(ran, ev.RouterExecutionStartedEvent, "w/r").selected == ("w/r/b", "w/r/a")
    assert find(ran, ev.LoopExecutionStartedEvent, "w/l").max_iterations == 4
    turn = find(ran, ev.LoopIterationCompletedEvent, "w/l[1]")
    assert (turn.iteration, turn.outcome, turn.should_continue) == (1, "completed", False)
    bad = find(ran, ev.StepsExecutionCompletedEvent, "w/bad")
    assert (bad.outcome, bad.failure.summary) == ("error", "KeyError: 'EUR'")


async def test_what_will_not_run_is_skipped_with_the_reason():
    def stop(step_input: StepInput) -> StepOutput:
        return StepOutput(stop=True)

    a, b = give("a", 1), give("b", 2)
    both = Steps(name="both", steps=[a, Step(name="b", step_id="bee", executor=stop)])
    ran = await run_steps(
        Condition(name="c", evaluator=True, steps=[a], else_steps=[both]),
        Router(name="r", choices=[a, both], selector=lambda: "a"),
        both,
        b,
    )

    skipped = [e for e in ran.host.events if isinstance(e, ev.StepSkippedEvent)]
    assert [(e.node_path, e.step_index, e.reason) for e in skipped] == [
        ("w/c/else/both", 0, "branch not taken"),
        ("w/r/both", 1, "not chosen"),
        ("w/b", 3, "not reached"),
    ]
    assert ran.status("w/c/else/both/b") is ran.status("w/r/both/a") is Status.SKIPPED


async def test_what_a_step_says_while_it_runs_is_in_its_events():
    def tell(step_input: StepInput, run_context: RunContext) -> None:
        run_context.progress(1, 3, "one of three")
        run_context.log("careful", level="warning")
        list(run_context.track((each for each in "ab"), total=2))

    ran = await run_steps(Step(name="t", executor=tell, retry=Retry(attempts=2)))

    progress = find(ran, ev.StepProgressEvent, "w/t")
    assert (progress.done, progress.total, progress.message) == (1, 3, "one of three")
    log = find(ran, ev.StepLogEvent, "w/t")
    assert (log.text, log.level, log.stream) == ("careful", "warning", "context")
    last = [e for e in ran.host.events if isinstance(e, ev.StepProgressEvent)][-1]
    assert (last.done, last.total) == (2, 2)
    start = find(ran, ev.StepStartedEvent, "w/t")
    assert (start.attempt, start.max_attempts, start.executor_name) == (1, 2, "tell")
