"""Options and primitives that meet: each says what it says alone, at any depth."""

from collections import Counter
from typing import Any

import anyio
import pytest

from tuiflow import (
    Condition,
    Loop,
    Parallel,
    Retry,
    Router,
    RunStatus,
    Step,
    StepInput,
    StepOutput,
    Steps,
    Workflow,
    WorkflowRunOutput,
)
from tuiflow.errors import StepFailedError


def run(*steps: object, **options: Any) -> WorkflowRunOutput:
    return Workflow(name="w", steps=list(steps), db=False).run("in", **options)


async def for_ever(_: StepInput) -> None:
    await anyio.sleep_forever()


def test_a_timeout_that_is_retried_and_skipped_does_not_count_as_a_failure_for_fail_fast():
    slow = Step(
        name="slow", executor=for_ever, timeout=0.01, retry=Retry(attempts=2), on_error="skip"
    )
    quick = Step(name="quick", executor=lambda _: "done")
    both = Parallel(slow, quick, name="both", fail_fast=True)

    output = run(Loop(steps=[both], max_iterations=2, name="loop"))

    kinds = Counter(event.event for event in output.events)
    assert output.content == {"slow": None, "quick": "done"}
    assert (kinds["StepRetrying"], kinds["StepError"], kinds["StepCancelled"]) == (2, 2, 0)


def test_with_fail_fast_a_skipped_parallel_that_runs_one_at_a_time_never_begins_the_rest():
    def fail(_: StepInput) -> None:
        raise ValueError("zero")

    late = [Step(name=name, executor=for_ever) for name in ("a", "b")]
    output = run(
        Steps(name="s", steps=[lambda _: "before"]),
        Parallel(fail, *late, name="p", fail_fast=True, max_concurrency=1, on_error="skip"),
        lambda given: (given.previous_step_content, given.get_step_output("p").success),
    )

    assert output.content == (None, False)
    assert [e.node_path for e in output.events if e.event == "StepStarted"][1:-1] == ["w/p/fail"]


def test_a_stop_in_a_workflow_that_a_router_chose_ends_that_alone():
    inner = Workflow(
        name="inner",
        steps=[lambda _: StepOutput(content="enough", stop=True), for_ever],
        db=False,
    )

    output = run(
        Router(choices=[inner, Step(name="other", executor=for_ever)], selector=lambda _: "inner"),
        lambda given: ["after", given.previous_step_content],
    )

    assert output.content == ["after", "enough"]


def test_after_a_condition_with_nothing_to_do_comes_what_was_before_it_in_every_composite():
    nothing = Condition(name="c", evaluator=False, steps=[lambda _: "never"])

    def last(given: StepInput) -> object:
        return given.previous_step_content

    for around in (
        Steps(steps=[nothing, last]),
        Parallel(Steps(name="branch", steps=[nothing, last])),
        Condition(evaluator=True, steps=[nothing, last]),
        Loop(steps=[nothing, last], max_iterations=1),
        Router(choices=[[nothing, last]], selector=lambda _, step_choices: step_choices[0]),
        Workflow(name="inner", steps=[nothing, last], db=False),
    ):
        content = run(lambda _: 7, around).content
        assert content in (7, {"branch": 7}), around


def test_a_conflict_of_states_at_depth_names_its_own_parallel_and_can_be_skipped():
    def put(value: int) -> Step:
        def change(session_state: dict[str, int]) -> None:
            session_state["k"] = value

        return Step(name=f"put {value}", executor=change)

    def deep(**options: Any) -> Loop:
        inner = Parallel(put(1), put(2), name="inner", **options)
        return Loop(steps=[Parallel(Steps(name="x", steps=[inner]), put(3), name="outer")])

    with pytest.raises(StepFailedError, match=r"w/loop_1\[1\]/outer/x/inner failed: .*'k'.*put 1"):
        run(deep())
    skipped = run(deep(on_error="skip"), lambda session_state: dict(session_state))

    assert (skipped.status, skipped.content) == (RunStatus.COMPLETED, {"k": 3})
