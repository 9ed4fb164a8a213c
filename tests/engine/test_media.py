"""Media on their way through a run: what steps see and what its events tell."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.running import Ran, run_steps
from tuiflow.engine import (
    Condition,
    Loop,
    NestedWorkflow,
    OnError,
    Parallel,
    Router,
    Step,
    StepInput,
    StepOutput,
    Steps,
    WorkflowDefinition,
)
from tuiflow.errors import MediaError
from tuiflow.model.events import StepCompletedEvent, WorkflowStartedEvent
from tuiflow.model.ids import NodePath
from tuiflow.model.media import Audio, File, Image, Video

GIVEN = Image(content=b"given", name="given")


def draw(name: str) -> Step:
    def executor(step_input: StepInput) -> StepOutput:
        return StepOutput(content=name, images=[Image(content=name.encode(), name=name)])

    return Step(name=name, executor=executor)


class Eye:
    """A step that remembers which images it was shown."""

    def __init__(self) -> None:
        self.seen: list[list[str | None]] = []

    def __call__(self, step_input: StepInput) -> None:
        self.seen.append([image.name for image in step_input.images])


def nested(*steps: object) -> NestedWorkflow:
    return NestedWorkflow(WorkflowDefinition("inner", Steps(steps=steps)))


def else_of(*steps: object) -> Condition:
    return Condition(evaluator=False, steps=[draw("x")], else_steps=list(steps), name="c")


WRAPPERS: dict[str, Callable[..., object]] = {
    "Steps": lambda *steps: Steps(steps=steps, name="s"),
    "Parallel": lambda *steps: Parallel(*steps, name="p"),
    "Condition": lambda *steps: Condition(evaluator=True, steps=list(steps), name="c"),
    "Condition's other side": else_of,
    "Loop": lambda *steps: Loop(steps=list(steps), max_iterations=1, name="l"),
    "Router": lambda *steps: Router(
        choices=list(steps), selector=lambda s: [each.name for each in steps], name="r"
    ),
    "a nested workflow": nested,
}


def told(ran: Ran) -> list[str | None]:
    return [each.name for each in ran.state.media_of(NodePath("w"))]


@pytest.mark.parametrize("outer", WRAPPERS)
@pytest.mark.parametrize("inner", WRAPPERS)
async def test_a_step_sees_the_runs_media_and_what_earlier_steps_made_through_every_composite(
    outer: str, inner: str
):
    eye = Eye()
    made = WRAPPERS[outer](Steps(steps=[WRAPPERS[inner](draw("b"), draw("c"))], name="around"))
    look = WRAPPERS[inner](Step(name="eye", executor=eye))

    ran = await run_steps(
        draw("a"), made, WRAPPERS[outer](Steps(steps=[look], name="q")), media=(GIVEN,)
    )

    assert ran.error is None
    assert eye.seen == [["given", "a", "b", "c"]]
    assert told(ran) == ["a", "b", "c"]
    assert ran.output is not None
    assert [each.name for each in ran.output.images or ()] == ["a", "b", "c"]


async def test_each_kind_is_seen_under_its_own_name_in_the_order_it_was_made():
    seen: list[StepInput] = []

    def make(step_input: StepInput) -> StepOutput:
        return StepOutput(
            images=[Image(content=b"1", id="i")],
            videos=[Video(url="https://films.example/a.mp4", id="v")],
            audio=[Audio(content=b"2", id="a")],
            files=[File(content=b"3", id="f1"), File(content=b"4", id="f2")],
        )

    await run_steps(make, seen.append)

    [given] = seen
    assert [each.id for each in given.images] == ["i"]
    assert [each.id for each in given.videos] == ["v"]
    assert [each.id for each in given.audio] == ["a"]
    assert [each.id for each in given.files] == ["f1", "f2"]


async def test_branches_of_a_parallel_do_not_see_each_other_and_stand_in_definition_order():
    import anyio

    eye = Eye()

    async def slow(step_input: StepInput) -> StepOutput:
        eye(step_input)
        await anyio.sleep(0.05)
        return StepOutput(images=[Image(content=b"1", name="slow")])

    after = Eye()
    await run_steps(Parallel(slow, draw("fast"), name="p"), after)

    assert eye.seen == [[]]
    assert after.seen == [["slow", "fast"]]


async def test_what_every_turn_of_a_loop_made_is_seen_after_it():
    eye = Eye()
    count = iter(range(9))

    def turn(step_input: StepInput) -> StepOutput:
        return StepOutput(images=[Image(content=b"1", name=f"turn {next(count)}")])

    ran = await run_steps(Loop(steps=[turn], max_iterations=3, name="l"), eye)

    assert eye.seen == [["turn 0", "turn 1", "turn 2"]]
    assert told(ran) == ["turn 0", "turn 1", "turn 2"]


async def test_evaluators_and_selectors_see_media_too():
    seen: list[int] = []

    def look(step_input: StepInput) -> bool:
        seen.append(len(step_input.images))
        return True

    await run_steps(draw("a"), Condition(evaluator=look, steps=[draw("b")]), media=(GIVEN,))

    assert seen == [2]


async def test_an_image_that_a_step_hands_on_is_not_a_second_one():
    eye = Eye()

    def hand_on(step_input: StepInput) -> StepOutput:
        return StepOutput(images=step_input.images)

    ran = await run_steps(draw("a"), hand_on, eye, media=(GIVEN,))

    assert eye.seen == [["given", "a"]]
    assert sorted(map(str, told(ran))) == ["a", "given"]


async def test_what_was_finished_inside_a_failed_composite_is_not_lost():
    def broken(step_input: StepInput) -> None:
        raise KeyError("EUR")

    eye = Eye()
    failing = Steps(steps=[draw("a"), broken], name="s", on_error=OnError.skip)

    ran = await run_steps(failing, eye)

    assert eye.seen == [["a"]]
    assert told(ran) == ["a"]


async def test_media_stand_in_the_events_without_their_bytes():
    ran = await run_steps(draw("a"), media=(GIVEN,))

    [began] = [event for event in ran.host.events if isinstance(event, WorkflowStartedEvent)]
    [ended] = [event for event in ran.host.events if isinstance(event, StepCompletedEvent)]
    assert [(each.name, each.size) for each in began.media] == [("given", 5)]
    assert [(each.name, each.kind, each.size) for each in ended.media] == [("a", "image", 1)]
    assert "content" not in began.media[0].model_dump_json()


async def test_a_nested_run_begins_with_all_that_its_host_could_see():
    ran = await run_steps(draw("a"), nested(draw("b")), media=(GIVEN,))

    began = [event for event in ran.host.events if isinstance(event, WorkflowStartedEvent)]
    assert [each.name for each in began[1].media] == ["given", "a"]


async def test_a_step_that_gives_a_file_that_is_not_there_fails_in_one_sentence(tmp_path: Path):
    def give(step_input: StepInput) -> StepOutput:
        return StepOutput(files=[File(filepath=tmp_path / "none.txt")])

    ran = await run_steps(give)

    assert isinstance(ran.error and ran.error.__cause__, MediaError)
    assert str(ran.error).endswith(f"File {tmp_path}/none.txt: there is no such file")


def test_an_output_takes_only_media_of_the_kind_its_name_says():
    with pytest.raises(MediaError, match="a list of Image, not one of 'a"):
        StepOutput(images=["a.png"])  # type: ignore[list-item]
    with pytest.raises(MediaError, match="StepOutput: audio= takes a list of Audio, not Image"):
        StepOutput(audio=GIVEN)  # type: ignore[arg-type]
    with pytest.raises(MediaError, match="files= takes a list of File, not one of Image"):
        StepOutput(files=[GIVEN])  # type: ignore[list-item]
