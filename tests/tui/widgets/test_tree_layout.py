import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engine.laws import kept
from tests.taping import Tape, node, step
from tests.tui import tapes
from tuiflow.model import events as ev
from tuiflow.model import kept_nodes
from tuiflow.model.ids import NodePath
from tuiflow.model.kept_nodes import read_node
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.tui.widgets.tree_filter import TreeHits, with_parents
from tuiflow.tui.widgets.tree_layout import TreeLayout


def laid_out(state: RunState) -> list[object]:
    layout = TreeLayout()
    layout.show(state)
    return list(layout.rows)


def fold(layout: TreeLayout, row_id: str, *, is_open: bool) -> None:
    layout.set_folds([layout.rows[layout.index[row_id]]], is_open=is_open)


@given(
    st.sampled_from(["running", "failed", "completed"]), st.lists(st.integers(1, 9), max_size=30)
)
def test_rows_kept_in_step_are_those_laid_out_at_once(scene: str, sizes: list[int]):
    events = getattr(tapes, f"{scene}_tape")().in_order()
    layout, state = TreeLayout(), RunState()

    for size in [*sizes, len(events)]:
        batch, events = events[:size], events[size:]
        state = state.after(batch)
        layout.show(state)

        assert layout.rows == laid_out(state)
        assert all(layout.rows[layout.index[row.id]] == row for row in layout.rows)


def test_folds_survive_new_states():
    tape = tapes.running_tape()
    layout = TreeLayout()
    layout.show(RunState().after(tape.in_order()[:5]))

    fold(layout, tape.path("enrich"), is_open=False)
    layout.show(tape.state)

    assert tape.path("enrich") in layout.index
    assert tape.path("enrich/geo") not in layout.index


def test_the_rows_of_earlier_tries_come_as_they_end_and_only_where_they_are_unfolded():
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0)
    tape.add(ev.StepStartedEvent, "a", 1)
    layout = TreeLayout()
    layout.show(tape.state)
    counts: list[int] = []
    for number in (2, 3):
        again = {"failure": tapes.TIMEOUT, "delay": 0.1, "next_attempt": number}
        tape.add(ev.StepRetryingEvent, "a", number, **again)
        tape.add(ev.StepStartedEvent, "a", number + 0.1, attempt=number)
        layout.show(tape.state)
        counts.append(len(layout.rows))
        fold(layout, tape.path("a"), is_open=True)

    assert counts == [2, 4]
    assert [row.attempt for row in layout.rows] == [0, 0, 1, 2]


def test_what_is_hidden_can_be_revealed():
    tape = tapes.running_tape()
    layout = TreeLayout()
    layout.show(tape.state)
    fold(layout, tape.path(""), is_open=False)

    row = layout.reveal(tape.path("each_region[2]/load_region"))

    assert row is not None
    assert layout.rows[row].path == tape.path("each_region[2]/load_region")
    assert layout.reveal(NodePath("elsewhere")) is None


def test_of_a_kept_run_only_the_nodes_that_have_rows_are_read(monkeypatch: pytest.MonkeyPatch):
    loop = node(NodeKind.LOOP, "again", step("s"))
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=node(NodeKind.WORKFLOW, "w", loop))
    tape.add(ev.LoopExecutionStartedEvent, "again", 1, max_iterations=300)
    for number in range(1, 301):
        turn, path = {"iteration": number}, f"again[{number}]"
        tape.add(ev.LoopIterationStartedEvent, path, 2, **turn)
        tape.add(ev.LoopIterationCompletedEvent, path, 3, **turn, outcome="completed")
    state = kept(tape.state)
    read: list[NodePath] = []

    def noted(text: bytes) -> NodeState:
        found = read_node(text)
        read.append(found.path)
        return found

    monkeypatch.setattr(kept_nodes, "read_node", noted)
    layout = TreeLayout()
    layout.show(state)

    assert [row.numbers for row in layout.rows] == [(0, 0), (0, 0), (1, 300)]
    assert state.counts(tape.path("again")) == (300, 300)
    assert read == ["w", "w/again"]


def test_of_many_turns_the_slowest_stays_out_and_says_so():
    layout = TreeLayout()
    layout.show(tapes.slow_turn_tape().state)

    shown = [(row.numbers, row.place.mark) for row in layout.rows[2:]]
    assert shown == [((1, 3), ""), ((0, 0), "slowest"), ((5, 9), "")]


def test_many_branches_fold_to_groups_and_what_failed_stays_out():
    names = [f"branch_{number}" for number in range(200)]
    outline = node(
        NodeKind.WORKFLOW,
        "w",
        node(NodeKind.PARALLEL, "all", *[step(name) for name in names]),
    )
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=outline)
    tape.add(ev.ParallelExecutionStartedEvent, "all", 1, count=200)
    for number, name in enumerate(names[:100]):
        tape.add(ev.StepStartedEvent, f"all/{name}", 2)
        if number == 50:
            tape.add(ev.StepErrorEvent, f"all/{name}", 3, failure=tapes.TIMEOUT)
        elif number != 70:
            tape.add(ev.StepCompletedEvent, f"all/{name}", 3)
    layout = TreeLayout()

    layout.show(tape.state)

    shown = [row.path.rpartition("/")[2] if not row.members else row.numbers for row in layout.rows]
    assert shown == [
        "w",
        "all",
        (1, 50),
        "branch_50",
        (52, 70),
        "branch_70",
        (72, 100),
        (101, 200),
    ]


def test_of_a_tree_of_many_nodes_two_levels_are_open_and_all_that_runs_or_failed():
    parts = [node(NodeKind.STEPS, f"part_{at}", step("a"), step("b")) for at in range(4)]
    areas = [node(NodeKind.STEPS, f"area_{at}", *parts) for at in range(10)]
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=node(NodeKind.WORKFLOW, "w", *areas))
    layout = TreeLayout()

    def open_parts() -> list[str]:
        layout.show(tape.state)
        return [row.path.partition("/")[2] for row in layout.rows if row.place.depth == 3]

    assert open_parts() == []
    assert len(layout.rows) == 1 + 10 + 40
    tape.add(ev.StepsExecutionStartedEvent, "area_1/part_2", 1, count=2)
    assert open_parts() == ["area_1/part_2/a", "area_1/part_2/b"]
    tape.add(ev.StepsExecutionCompletedEvent, "area_1/part_2", 2, outcome="completed")
    assert open_parts() == []
    tape.add(ev.StepStartedEvent, "area_3/part_0/a", 3)
    tape.add(ev.StepErrorEvent, "area_3/part_0/a", 4, failure=tapes.TIMEOUT)
    tape.add(ev.StepsExecutionCompletedEvent, "area_3/part_0", 5, outcome="completed")
    assert open_parts() == ["area_3/part_0/a", "area_3/part_0/b"]


def test_what_stays_is_not_folded_when_it_ends():
    parts = [node(NodeKind.STEPS, f"part_{at}", step("a"), step("b")) for at in range(40)]
    outline = node(NodeKind.WORKFLOW, "w", node(NodeKind.PARALLEL, "all", *parts))
    tape, layout = Tape("w"), TreeLayout()
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=outline)
    tape.add(ev.StepsExecutionStartedEvent, "all/part_2", 1, count=2)
    layout.show(tape.state)

    tape.add(ev.StepsExecutionCompletedEvent, "all/part_2", 2, outcome="completed")
    layout.show(tape.state, stays=tape.path("all/part_2/a"))

    assert tape.path("all/part_2/b") in layout.index


def test_what_a_filter_keeps_stands_as_deep_as_it_does_without_it():
    layout, state = TreeLayout(), tapes.looped_state()
    layout.show(state)
    for path in state.nodes:
        layout.reveal(path)
    depths = {row.path: row.place.depth for row in layout.rows}

    hits = TreeHits()
    hits.take(state)
    hits.want("try")
    hits.look(60)
    layout.keep_only(with_parents(hits.found, state.root))

    kept = {row.path: row.place.depth for row in layout.rows}
    assert len(kept) > 15
    assert kept.items() <= depths.items()
