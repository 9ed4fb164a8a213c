import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent
from tuiflow.model.ids import NodePath, RunId
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.run_state import RunState
from tuiflow.service.given import outputs_before, read_input, read_output, read_previous
from tuiflow.store import SqliteDb, Store, open_store


def node(kind: NodeKind, name: str, *children: Outline) -> Outline:
    return Outline(kind=kind, name=name, segment=name, children=children)


def step(name: str) -> Outline:
    return node(NodeKind.STEP, name)


OUTLINE = node(
    NodeKind.WORKFLOW,
    "w",
    step("fetch"),
    node(NodeKind.PARALLEL, "both", step("left"), node(NodeKind.STEPS, "right", step("deep"))),
    node(NodeKind.LOOP, "again", step("once"), step("twice")),
    step("last"),
)


class Log:
    """Events in the order they are written."""

    def __init__(self) -> None:
        self.events: list[ev.Event] = []

    def add(self, event: ev.Event) -> None:
        count = len(self.events) + 1
        self.events.append(event.model_copy(update={"seq": count, "at": count}))

    def step(self, path: str, value: str, previous: str | None = None) -> None:
        at = NodePath(path)
        before = NodePath(previous) if previous else None
        self.add(ev.StepStartedEvent(node_path=at, previous=before))
        self.add(ev.StepCompletedEvent(node_path=at, content=StoredContent(value=value)))


@pytest.fixture
def state() -> RunState:
    log = Log()
    log.add(
        ev.WorkflowStartedEvent(
            node_path=NodePath("w"),
            outline=OUTLINE,
            input=StoredContent(value={"n": 1}),
            additional_data={"team": "a"},
        )
    )
    log.step("w/fetch", "fetched")
    log.add(ev.ParallelExecutionStartedEvent(node_path=NodePath("w/both"), count=2))
    log.step("w/both/left", "L", "w/fetch")
    log.add(ev.StepsExecutionStartedEvent(node_path=NodePath("w/both/right"), count=1))
    log.step("w/both/right/deep", "R", "w/fetch")
    log.add(
        ev.StepsExecutionCompletedEvent(node_path=NodePath("w/both/right"), outcome="completed")
    )
    log.add(ev.ParallelExecutionCompletedEvent(node_path=NodePath("w/both"), outcome="completed"))
    log.add(ev.LoopExecutionStartedEvent(node_path=NodePath("w/again"), max_iterations=3))
    log.add(ev.LoopIterationStartedEvent(node_path=NodePath("w/again[1]"), iteration=1))
    log.step("w/again[1]/once", "1", "w/both")
    log.step("w/again[1]/twice", "2", "w/again[1]/once")
    return RunState().after(log.events)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    async with open_store(SqliteDb(tmp_path / "tuiflow.db")) as store:
        yield store


async def test_the_input_of_a_node_is_the_runs_with_what_it_could_ask_for(
    store: Store, state: RunState
):
    shown = await read_input(store, state, NodePath("w/both/left"))

    assert json.loads(shown.text) == {
        "input": {"n": 1},
        "additional_data": {"team": "a"},
        "previous_outputs": ["fetch"],
    }


async def test_inside_a_nested_run_the_input_is_that_ones(store: Store, state: RunState):
    nested, inside = NodePath("w/last"), NodePath("w/last/deep")
    given = {"node_path": nested, "nested_run_id": RunId("n"), "input": StoredContent(value="N")}
    begun = [
        ev.WorkflowStartedEvent(**given, seq=state.seq + 1),
        ev.StepStartedEvent(node_path=inside, nested_run_id=RunId("n"), seq=state.seq + 2),
    ]
    later = state.after(begun)

    for path in (nested, inside):
        shown = await read_input(store, later, path)
        assert json.loads(shown.text)["input"] == "N"
    assert json.loads((await read_input(store, later, NodePath("w"))).text)["input"] == {"n": 1}


async def test_the_first_node_is_shown_no_outputs_before_it(store: Store, state: RunState):
    shown = await read_input(store, state, NodePath("w/fetch"))

    assert json.loads(shown.text) == {"input": {"n": 1}, "additional_data": {"team": "a"}}


def test_a_node_sees_outputs_outside_and_inside_but_no_sibling_branch(state: RunState):
    def before(path: str) -> list[str]:
        return list(outputs_before(state, NodePath(path)))

    assert before("w/fetch") == []
    assert before("w/both/right/deep") == ["fetch"]
    assert before("w/again[1]/twice") == ["fetch", "both", "once"]
    assert before("w/last") == ["fetch", "both"]
    assert before("w/nowhere") == ["fetch", "both"]


async def test_the_previous_content_is_the_one_the_step_was_handed(store: Store, state: RunState):
    path, shown = await read_previous(store, state, NodePath("w/again[1]/twice"))

    assert (path, shown and shown.text) == ("w/again[1]/once", "1")


async def test_after_a_parallel_the_previous_content_has_a_value_for_each_branch(
    store: Store, state: RunState
):
    path, shown = await read_previous(store, state, NodePath("w/again[1]/once"))

    assert path == "w/both"
    assert shown is not None
    assert json.loads(shown.text) == {"left": "L", "right": "R"}


async def test_a_composite_was_handed_what_its_first_step_was(store: Store, state: RunState):
    path, shown = await read_previous(store, state, NodePath("w/both"))

    assert (path, shown and shown.text) == ("w/fetch", "fetched")


@pytest.mark.parametrize("path", ["w/fetch", "w/last", "w/nowhere"])
async def test_without_a_step_before_there_is_no_previous_content(
    store: Store, state: RunState, path: str
):
    assert await read_previous(store, state, NodePath(path)) == (None, None)


@pytest.mark.parametrize(
    ("path", "text"),
    [("w/fetch", "fetched"), ("w/both/right", "R"), ("w/again", "2"), ("w", "2")],
)
async def test_a_composites_output_is_that_of_its_last_step(
    store: Store, state: RunState, path: str, text: str
):
    shown = await read_output(store, state, NodePath(path))

    assert shown is not None
    assert shown.text == text


async def test_the_runs_output_is_its_content_once_it_has_one(store: Store, state: RunState):
    end = ev.WorkflowCompletedEvent(
        node_path=NodePath("w"), seq=100, content=StoredContent(value="the end")
    )

    shown = await read_output(store, state.after([end]), NodePath("w"))

    assert shown is not None
    assert shown.text == "the end"


async def test_what_has_not_run_has_no_output(store: Store, state: RunState):
    assert await read_output(store, state, NodePath("w/last")) is None
    assert await read_output(store, RunState.of_outline(OUTLINE), NodePath("w/both")) is None


async def test_after_a_failed_composite_nothing_was_given(store: Store):
    log = Log()
    log.add(ev.WorkflowStartedEvent(node_path=NodePath("w"), outline=OUTLINE))
    log.add(ev.ParallelExecutionStartedEvent(node_path=NodePath("w/both"), count=2))
    log.step("w/both/left", "kept")
    failed = {"outcome": "error", "failure": {"type": "ValueError", "message": "no"}}
    log.add(ev.ParallelExecutionCompletedEvent.model_validate({"node_path": "w/both", **failed}))
    log.step("w/last", "end", previous="w/both")
    state = RunState().after(log.events)

    assert await read_previous(store, state, NodePath("w/last")) == (NodePath("w/both"), None)
    kept = await read_output(store, state, NodePath("w/both"))
    assert kept is not None
    assert json.loads(kept.text) == {"left": "kept"}
