"""What holds for every tree, whatever it is made of."""

from collections import Counter
from collections.abc import Iterator

import anyio
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.running import Ran, run_steps
from tuiflow.engine import (
    Condition,
    Loop,
    Node,
    Parallel,
    Router,
    Step,
    StepInput,
    StepOutput,
    Steps,
)
from tuiflow.model.ids import NodePath, parent_path
from tuiflow.model.status import Status


async def fine(step_input: StepInput) -> str:
    return "fine"


async def broken(step_input: StepInput) -> None:
    raise ValueError("broken")


async def stop(step_input: StepInput) -> StepOutput:
    return StepOutput(content="stop", stop=True)


def leaves() -> st.SearchStrategy[Node]:
    executors = st.sampled_from([fine, fine, fine, broken, stop])
    return st.builds(
        lambda executor, on_error: Step(name="s", executor=executor, on_error=on_error),
        executors,
        st.sampled_from(["fail", "skip"]),
    )


def composites(inside: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(inside, min_size=1, max_size=3)
    return st.one_of(
        several.map(lambda steps: Steps(steps=steps)),
        st.builds(lambda steps, fast: Parallel(*steps, fail_fast=fast), several, st.booleans()),
        st.builds(
            lambda yes, steps, other: Condition(evaluator=yes, steps=steps, else_steps=other),
            st.booleans(),
            several,
            st.none() | several,
        ),
        several.map(lambda steps: Loop(steps=steps, max_iterations=2)),
        inside.map(lambda step: Router(choices=[step], selector=lambda _: step)),
    )


def starts_and_ends(ran: Ran) -> Iterator[tuple[bool, str]]:
    for event in ran.host.events:
        kind = event.kind
        if kind.endswith("Started"):
            yield True, event.node_path
        elif kind.endswith(("Completed", "Error", "Cancelled")):
            yield False, event.node_path


@settings(max_examples=60, deadline=None)
@given(st.lists(st.recursive(leaves(), composites, max_leaves=8), min_size=1, max_size=3))
def test_every_start_has_one_end_and_children_end_before_their_parents(steps: list[Node]):
    async def run() -> Ran:
        return await run_steps(*steps)

    ran = anyio.run(run)

    marks = list(starts_and_ends(ran))
    assert Counter(path for is_start, path in marks if is_start) == Counter(
        path for is_start, path in marks if not is_start
    )
    open_paths: list[str] = []
    for is_start, path in marks:
        if is_start:
            open_paths.append(path)
        else:
            open_paths.remove(path)
            assert not any(other.startswith((f"{path}/", f"{path}[")) for other in open_paths)
    state = ran.state
    assert all(node.status.is_final for node in state.nodes.values())
    assert state.status is (Status.ERROR if ran.error else Status.COMPLETED)
    for path in state.nodes:
        above = parent_path(NodePath(path))
        assert above is None or path in state.nodes[above].children
    if ran.output is not None:
        for output in ran.output.steps:
            check_outputs(ran, output)


def check_outputs(ran: Ran, output: StepOutput) -> None:
    """What a node gave to its run is what its events say of it."""
    assert output.node_path is not None
    node = ran.state.nodes[output.node_path]
    assert (node.status is Status.SKIPPED) == (not output.ran)
    if node.content is not None and output.step_type == "step":
        assert node.content.value == output.content
    found = ran.state.content_path(output.node_path)
    if found is not None and not output.stop:
        assert found == output.content_path
    for inside in output.steps:
        check_outputs(ran, inside)
