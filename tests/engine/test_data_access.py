"""What a step is given, in every composite and at any depth."""

from typing import Any

import pytest
from pydantic import BaseModel

from tests.engine.composites import COMPOSITES, give
from tests.engine.running import run_steps
from tuiflow.engine import (
    Condition,
    Loop,
    Parallel,
    Router,
    RunContext,
    Step,
    StepInput,
    StepOutput,
    Steps,
)


class Counts(BaseModel):
    words: int


ONE, TWO = Counts(words=1), Counts(words=2)


def broken(step_input: StepInput) -> None:
    raise ValueError("broken")


async def look(*before: object, given: object = None) -> StepInput:
    """Run these, and give what the step after them was given."""
    seen: list[StepInput] = []

    def last(step_input: StepInput) -> None:
        seen.append(step_input)

    ran = await run_steps(*before, last, given=given)
    assert ran.error is None
    return seen[0]


every_composite = pytest.mark.parametrize("composite", COMPOSITES)


@every_composite
async def test_after_a_composite_comes_the_last_executed_inner_steps_content(composite: str):
    seen = await look(COMPOSITES[composite](give("a", ONE), give("b", TWO)))

    assert seen.previous_step_content is TWO
    assert seen.get_last_step_content() is TWO
    assert seen.get_step_content("c") is TWO


@every_composite
async def test_a_name_is_found_at_any_depth_with_its_type(composite: str):
    deep = COMPOSITES[composite](Steps(name="inner", steps=[give("a", ONE)]), give("b", TWO))
    seen = await look(Parallel(Steps(name="s", steps=[deep]), give("other", 0), name="p"))

    assert seen.get_step_content("a") is ONE
    assert seen.get_step_content("inner") is ONE
    assert seen.get_step_content("b") is TWO
    output = seen.get_step_output("a")
    assert output is not None
    assert (output.step_name, output.step_type, output.success) == ("a", "step", True)


@every_composite
async def test_inside_a_composite_a_step_sees_what_came_before_outside_and_inside(composite: str):
    seen: list[StepInput] = []

    def inner(step_input: StepInput) -> None:
        seen.append(step_input)

    await run_steps(give("first", ONE), COMPOSITES[composite](give("a", TWO), inner))

    assert list(seen[0].previous_step_outputs) == ["first", "a"]
    assert seen[0].get_step_content("first") is ONE
    assert seen[0].previous_step_content is TWO
    assert seen[0].get_all_previous_content() == (
        '=== first ===\n{\n  "words": 1\n}\n\n=== a ===\n{\n  "words": 2\n}'
    )


async def test_a_parallel_is_a_dict_by_child_name_with_types_and_a_composite_child_under_its_own():
    inner = Steps(name="inner", steps=[give("a", ONE), give("b", TWO)])
    seen = await look(Parallel(inner, give("c", None), give("d", 0), name="p"))

    expected = {"inner": TWO, "c": None, "d": 0}
    assert seen.previous_step_content == expected
    assert seen.get_step_content("p") == expected
    assert list(seen.get_step_content("p")) == ["inner", "c", "d"]
    assert seen.get_step_content("p")["inner"] is TWO
    assert seen.get_step_content("b") is TWO


async def test_the_deepest_last_content_is_that_of_the_last_branch():
    inner = Steps(name="inner", steps=[give("b", ONE), Loop(steps=[give("c", TWO)])])
    seen = await look(Steps(steps=[Parallel(give("a", 0), inner, name="p")]))

    assert seen.previous_step_content == {"a": 0, "inner": TWO}
    assert seen.get_last_step_content() is TWO


async def test_a_parallels_text_is_markdown_with_a_heading_per_child():
    seen = await look(Parallel(give("a", "x"), give("b", 0), name="p"))

    assert seen.get_all_previous_content() == "=== p ===\n## a\n\nx\n\n## b\n\n0"


async def test_every_branch_is_given_the_same_and_sees_no_sibling():
    seen: list[tuple[Any, list[str]]] = []

    def branch(step_input: StepInput) -> None:
        seen.append((step_input.previous_step_content, list(step_input.previous_step_outputs)))

    await run_steps(give("first", ONE), Parallel(branch, branch, branch))

    assert seen == [(ONE, ["first"])] * 3


async def test_of_a_loop_the_last_iterations_output_is_given():
    counted = iter(range(10))
    turn = Step(name="turn", executor=lambda s: next(counted))
    seen = await look(Loop(name="l", steps=[Steps(name="body", steps=[turn])], max_iterations=4))

    assert seen.get_step_content("turn") == 3
    assert seen.get_step_content("body") == 3
    assert seen.get_step_content("l") == 3
    output = seen.get_step_output("l")
    assert output is not None
    assert [iteration.content for iteration in output.steps] == [0, 1, 2, 3]


async def test_each_iteration_starts_from_the_same_input_unless_told_to_forward():
    def more(step_input: StepInput) -> int:
        return (step_input.previous_step_content or 0) + 1

    same = await run_steps(give("ten", 10), Loop(steps=[more], max_iterations=3))
    forwarded = await run_steps(
        give("ten", 10), Loop(steps=[more], max_iterations=3, forward_iteration_output=True)
    )

    assert (same.content, forwarded.content) == (11, 13)


async def test_an_unknown_name_gives_none():
    seen = await look(give("a", ONE))

    assert seen.get_step_output("nobody") is None
    assert seen.get_step_content("nobody") is None


async def test_of_duplicate_names_the_direct_one_then_the_newest_is_given():
    seen = await look(
        Steps(name="s", steps=[give("a", "inside")]),
        give("a", "old"),
        give("b", "between"),
        give("a", "new"),
    )

    assert seen.get_step_content("a") == "new"
    assert list(seen.previous_step_outputs) == ["s", "a", "b"]
    assert seen.previous_step_outputs["a"].content == "new"


async def test_duplicate_branches_stand_under_keys_of_their_own_and_the_first_is_found():
    seen = await look(Parallel(give("a", 1), give("a", 2), give("b", 3), name="p"))

    assert seen.get_step_content("p") == {"a": 1, "a~2": 2, "b": 3}
    assert seen.get_step_content("a") == 1


async def test_zero_and_empty_text_are_content_too():
    seen = await look(give("zero", 0), give("empty", ""), give("none", None))

    assert seen.get_all_previous_content() == "=== zero ===\n0\n\n=== empty ===\n"


async def test_what_did_not_run_is_passed_over():
    seen = await look(
        give("a", ONE),
        Condition(name="c", evaluator=False, steps=[give("b", TWO)]),
        Router(name="r", choices=[give("d", TWO)], selector=lambda _: None),
    )

    assert seen.previous_step_content is ONE
    assert seen.get_last_step_content() is ONE
    assert seen.get_step_content("b") is None


async def test_of_a_failed_composite_what_was_finished_can_still_be_asked_for():
    failed = Parallel(
        Steps(name="s", steps=[give("a", ONE), broken]), give("b", TWO), name="p", on_error="skip"
    )
    seen = await look(failed)

    assert seen.get_step_content("a") is ONE
    assert seen.get_step_content("b") is TWO
    assert seen.previous_step_content is None
    output = seen.get_step_output("p")
    assert output is not None
    assert (output.success, output.error) == (False, "ValueError: broken")
    assert [(each.step_name, each.success) for each in output.steps] == [("s", False), ("b", True)]


async def test_the_input_has_its_aliases_and_is_the_same_object():
    seen = await look(give("a", 1), given=ONE)

    assert seen.input is seen.message is seen.workflow_message is ONE
    assert seen.get_input_as_string() == '{\n  "words": 1\n}'


async def test_nothing_before_the_first_step():
    seen = await look()

    assert seen.previous_step_content is None
    assert seen.previous_step_outputs == {}
    assert seen.get_last_step_content() is None
    assert seen.get_all_previous_content() == ""
    assert seen.get_input_as_string() is None


async def test_parameters_are_injected_by_name_wherever_an_author_is_called():
    seen: list[object] = []

    def evaluator(run_context: RunContext) -> bool:
        seen.append(run_context.node_path)
        return True

    def selector(
        step_input: StepInput, *, step_choices: list[Step], run_context: RunContext
    ) -> Step:
        names = [choice.name for choice in step_choices]
        seen.append((names, run_context.step_name, step_input.previous_step_content))
        return step_choices[-1]

    def enough(outputs: list[StepOutput], session_state: dict[str, Any]) -> bool:
        seen.append(([output.content for output in outputs], session_state))
        return True

    await run_steps(
        Condition(name="c", evaluator=evaluator, steps=[give("a", 1)]),
        Router(name="r", choices=[give("x", 2), give("y", 3)], selector=selector),
        Loop(name="l", steps=[give("b", 4)], end_condition=enough, max_iterations=5),
        session_state={"k": 1},
    )

    assert seen == ["w/c", (["x", "y"], "r", 1), ([4], {"k": 1})]


async def test_the_engine_fills_in_who_gave_an_output():
    ran = await run_steps(Step(name="a", step_id="id-1", executor=lambda s: 1))

    assert ran.output
    output = ran.output.steps[0]
    assert (output.step_name, output.step_id, output.step_type) == ("a", "id-1", "step")
    assert (output.executor_type, output.step_run_id) == ("function", "run:w/a")
    assert {event.step_id for event in ran.host.events if event.node_path == "w/a"} == {"id-1"}
