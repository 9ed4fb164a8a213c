import re
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel

from tests.engine.running import run_steps
from tuiflow.engine import Loop, Parallel, RunContext, Step, StepInput, StepOutput, Steps


class Counts(BaseModel):
    words: int


async def count(step_input: StepInput) -> Counts:
    return Counts(words=len(step_input.input.split()))


async def zero(step_input: StepInput) -> int:
    return 0


async def look(step_input: StepInput) -> dict[str, object]:
    return {
        "previous": step_input.previous_step_content,
        "last": step_input.get_last_step_content(),
        "names": list(step_input.previous_step_outputs),
        "count": step_input.get_step_content("count"),
        "p": step_input.get_step_content("p"),
        "unknown": step_input.get_step_content("nobody"),
        "text": step_input.get_all_previous_content(),
        "data": step_input.additional_data,
    }


async def test_a_step_sees_what_came_before_with_its_types():
    ran = await run_steps(
        Parallel(count, Steps(name="inner", steps=[zero]), name="p"),
        look,
        given="a b",
        additional_data={"k": 1},
    )

    assert ran.content == {
        "previous": {"count": Counts(words=2), "inner": 0},
        "last": 0,
        "names": ["p"],
        "count": Counts(words=2),
        "p": {"count": Counts(words=2), "inner": 0},
        "unknown": None,
        "text": '=== p ===\n## count\n\n{\n  "words": 2\n}\n\n## inner\n\n0',
        "data": {"k": 1},
    }


async def test_inside_a_composite_a_step_sees_outside_and_inside():
    ran = await run_steps(count, Steps(name="s", steps=[zero, look]), given="a")

    assert ran.content["names"] == ["count", "zero"]
    assert ran.content["previous"] == 0
    assert ran.content["text"] == '=== count ===\n{\n  "words": 1\n}\n\n=== zero ===\n0'


async def test_of_a_loop_the_last_iteration_is_found():
    turns: list[int] = []

    async def turn(step_input: StepInput) -> int:
        turns.append(1)
        return len(turns)

    ran = await run_steps(
        Loop(steps=[turn], max_iterations=3),
        Step(name="after", executor=lambda s: s.get_step_content("turn")),
    )

    assert ran.content == 3


async def test_an_author_can_make_a_step_input_to_test_a_step():
    step_input = StepInput(
        "text", previous_step_content=2, previous_step_outputs={"a": StepOutput(content=1)}
    )

    assert step_input.message == "text"
    assert step_input.previous_step_content == 2
    assert step_input.get_step_content("a") == 1
    assert step_input.get_input_as_string() == "text"
    assert step_input.get_workflow_history(3) == []
    assert step_input.get_workflow_history_context(3) is None


async def test_the_same_object_reaches_the_next_step():
    given = object()

    ran = await run_steps(lambda s: s.input, lambda s: s.previous_step_content, given=given)

    assert ran.content is given


async def test_an_output_returned_twice_is_not_changed():
    shared = StepOutput(content=1)

    ran = await run_steps(lambda s: shared, lambda s: shared)

    assert shared.step_name is None
    assert ran.output
    assert [each.step_name for each in ran.output.steps] == ["step_1", "step_2"]


async def test_contents_are_written_as_text_for_a_person():
    outputs = {
        "count": StepOutput(content=Counts(words=2)),
        "rows": StepOutput(content=[Counts(words=1), {"ü": None}]),
        "zero": StepOutput(content=0),
        "empty": StepOutput(content=""),
        "none": StepOutput(),
    }
    given = StepInput({"day": 1}, previous_step_outputs=outputs)

    said = given.get_all_previous_content()

    assert said.split("\n\n")[0] == '=== count ===\n{\n  "words": 2\n}'
    assert '{\n    "ü": null\n  }' in said
    assert "=== zero ===\n0" in said
    assert "=== empty ===\n" in said
    assert "none" not in said
    assert given.get_input_as_string() == '{\n  "day": 1\n}'
    assert StepInput().get_input_as_string() is None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"success": None}, "success= takes True or False, not NoneType"),
        ({"stop": "yes"}, "stop= takes True or False, not str"),
        ({"error": ValueError("x")}, "error= takes text, not ValueError"),
        ({"metrics": {"cost": [Decimal(1)]}}, "metrics= takes a dict of .* not Decimal"),
        ({"metrics": {"by": {1: 2}}}, "metrics= takes a dict of .* not the key 1"),
        ({"metrics": 3.5j}, "metrics= takes a dict of .* not complex"),
    ],
)
async def test_an_output_that_cannot_be_told_fails_its_step_in_one_sentence(
    wrong: dict[str, Any], sentence: str
):
    ran = await run_steps(lambda: StepOutput(content=1, **wrong))

    assert re.fullmatch(f"w/step_1 failed: TypeError: StepOutput: {sentence}", str(ran.error))


class Unwritable:
    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


class Holder(BaseModel):
    held: Any


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ({(1, 2): 3}, "{(1, 2): 3}"),
        (Holder(held=Ellipsis), "Holder(held=Ellipsis)"),
        (Unwritable(), "<its repr raised RuntimeError>"),
        ([Unwritable()], "<its repr raised RuntimeError>"),
        (Holder(held=Unwritable()), "<its repr raised RuntimeError>"),
    ],
)
def test_a_content_that_is_no_json_has_a_text_all_the_same(content: object, text: str):
    given = StepInput(content, previous_step_content=content)

    assert given.get_input_as_string() == text
    assert given.get_all_previous_content() == f"=== previous ===\n{text}"


def test_an_input_goes_by_its_other_names_too():
    given = StepInput("hello")

    assert given.message == given.workflow_message == "hello"
    assert repr(given) == "StepInput(input='hello', previous=[])"
    assert given.get_last_step_content() is None


async def test_a_step_knows_the_run_it_belongs_to():
    def facts(run_context: RunContext) -> list[object]:
        return [
            run_context.run_id,
            run_context.workflow_name,
            run_context.step_name,
            run_context.session_id,
            run_context.user_id,
            run_context.session_state,
            run_context.metadata,
            run_context.dependencies,
        ]

    ran = await run_steps(facts)

    assert ran.content == ["run", "w", "facts", None, None, {}, {}, {}]
