import io
import re

import pyte
import pytest
from pydantic import BaseModel
from rich.console import Console

from tuiflow import Condition, Loop, Parallel, Step, StepInput, Workflow
from tuiflow.errors import StepFailedError
from tuiflow.model.run_state import RunState
from tuiflow.workflow.printed_tree import draw_tree


class Order(BaseModel):
    count: int


def fetch(step_input: StepInput) -> list[int]:
    return [1, 2]


def speak(step_input: StepInput):
    yield "# Title\n"
    yield "- first "
    yield "item\n"


def fail(step_input: StepInput) -> None:
    raise KeyError("EUR")


def console(*, is_terminal: bool = False, width: int = 60) -> Console:
    return Console(file=io.StringIO(), force_terminal=is_terminal, width=width, height=20)


def said(of: Console) -> str:
    assert isinstance(of.file, io.StringIO)
    text = re.sub(r"\d+ ms", "1 ms", of.file.getvalue())
    return re.sub(r"run \w{4}", "run 7f3a", text)


def lines(of: Console) -> list[str]:
    return [line.rstrip() for line in said(of).splitlines() if line.strip()]


def test_elsewhere_than_on_a_terminal_each_step_is_a_line():
    out = console()

    steps = [fetch, Parallel(fetch, speak, name="look"), Condition(evaluator=False, steps=[fetch])]
    Workflow(name="w", steps=[*steps, lambda s: None], db=False).print_response(console=out)

    assert lines(out)[0] == "w"
    assert sorted(lines(out)[2:4]) == ["  ✓ look › fetch  1 ms", "  ✓ look › speak  1 ms"]
    assert lines(out)[4:] == ["  ✓ step_1  1 ms", "✓ completed  1 ms  run 7f3a"]


def test_with_stream_the_text_stands_there_as_it_comes():
    out = console()

    Workflow(name="w", steps=[speak], db=False).print_response(
        stream=True, markdown=False, console=out
    )

    assert lines(out) == [
        *("w", "  speak │ # Title", "  speak │ - first item", "  ✓ speak  1 ms"),
        *("# Title", "- first item", "✓ completed  1 ms  run 7f3a"),
    ]


def test_text_is_rendered_as_markdown_and_values_as_json():
    text, value, both = console(), console(), console()

    Workflow(name="w", steps=[speak], db=False).print_response(console=text)
    Workflow(name="w", steps=[lambda s: Order(count=3)], db=False).print_response(console=value)
    parallel = Parallel(speak, fetch, name="both")
    Workflow(name="w", steps=[parallel], db=False).print_response(console=both)

    assert " • first item" in lines(text)
    assert "# Title" not in said(text)
    assert lines(value)[2:5] == ["{", '  "count": 3', "}"]
    assert {"speak", "fetch"} <= set(lines(both))


def test_a_failure_is_printed_with_its_place_and_raised():
    out = console(width=200)

    with pytest.raises(StepFailedError):
        Workflow(name="w", steps=[fetch, fail], db=False).print_response(console=out)

    assert "  ✗ fail  1 ms  KeyError: 'EUR'" in lines(out)
    assert "KeyError: 'EUR'" in lines(out)
    place = next(line for line in lines(out) if "test_printing.py:" in line)
    assert place.endswith('in fail  raise KeyError("EUR")')
    assert lines(out)[-1] == "✗ error  1 ms  run 7f3a"


def test_no_sequence_of_a_workflow_reaches_the_terminal():
    hostile = "\x1b]0;title\x07\x1b[2J [bold]kept[/bold] \x9b31m"

    def write(step_input: StepInput):
        yield hostile
        raise ValueError(hostile)

    for is_terminal in (False, True):
        out = console(is_terminal=is_terminal)
        steps = [Step(name=f"a{hostile}", executor=lambda s: hostile), write]
        with pytest.raises(StepFailedError):
            Workflow(name="w", steps=steps, db=False).print_response(stream=True, console=out)
        assert not re.search(r"\x1b\]|\x1b\[2J|\x9b|\x07", said(out))
        assert "[bold]kept[/bold]" in said(out)


def test_on_a_terminal_a_live_tree_is_left_behind_whole():
    out = console(is_terminal=True)

    Workflow(name="w", steps=[fetch, Loop(name="again", steps=[speak])], db=False).print_response(
        console=out
    )

    screen = pyte.Screen(60, 40)
    pyte.Stream(screen).feed(said(out).replace("\n", "\r\n"))
    shown = [line.rstrip() for line in screen.display if line.strip()]
    assert shown[:3] == ["✓ w  1 ms", "├── ✓ fetch  1 ms", "└── ✓ again  1 ms"]
    assert shown[-1] == "✓ completed  1 ms  run 7f3a"


async def test_aprint_response_does_the_same_in_a_loop():
    out = console()

    await Workflow(name="w", steps=[fetch], db=False).aprint_response("x", console=out)

    assert lines(out)[:2] == ["w", "  ✓ fetch  1 ms"]


def test_of_many_steps_those_that_matter_are_drawn():
    steps = [Step(name=f"s{number}", executor=fetch) for number in range(300)]
    workflow = Workflow(name="w", steps=[*steps, fail, fetch], db=False)
    with pytest.raises(StepFailedError):
        workflow.run()
    assert workflow.run_response is not None
    out = console()

    out.print(draw_tree(RunState().after(workflow.run_response.events), most=5))

    assert len(lines(out)) == 7
    assert "… 297 more" in said(out)
    assert "fail" in said(out)
