import pytest

from tests.tui import tapes
from tests.tui.widgets.shown import shown
from tuiflow.model.kept_nodes import KeptNodes, write_node
from tuiflow.model.run_state import RunState
from tuiflow.tui.widgets import finding_tree, tree_filter
from tuiflow.tui.widgets.step_tree import StepTree
from tuiflow.tui.widgets.tree_filter import TreeHits

NOW = tapes.running_tape().events[-1].at


def names(hits: TreeHits) -> list[str]:
    return sorted(path.rpartition("/")[2] for path in hits.found)


def test_of_a_new_state_only_what_has_changed_is_looked_through():
    hits, events = TreeHits(), tapes.running_tape().in_order()
    state = RunState().after(events[:-6])
    hits.take(state)
    hits.want("load_region")
    hits.look(60)
    before = len(hits.found)
    later = state.after(events[-6:])
    hits.take(later)
    assert 0 < len(hits._unseen) < len(later.nodes) / 2  # pyright: ignore[reportPrivateUsage]
    hits.look(60)

    anew = TreeHits()
    anew.take(later)
    anew.want("load_region")
    anew.look(60)
    assert hits.found == anew.found
    assert len(hits.found) > before


def test_a_kept_run_is_read_a_slice_at_a_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tree_filter, "_AT_ONCE", 1)
    nodes = tapes.failed_tape().state.nodes
    texts = [write_node(node) for node in nodes.values()]
    kept = KeptNodes(list(nodes), [node.status for node in nodes.values()], texts)
    hits = TreeHits()
    hits.take(RunState(nodes=kept))
    hits.want("KeyError")
    looks = 0
    while hits.is_looking:
        hits.look(0)
        looks += 1

    assert looks == len(nodes)
    assert names(hits) == ["currency"]


async def test_keys_go_on_while_a_long_run_is_looked_through(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tree_filter, "_AT_ONCE", 1)
    monkeypatch.setattr(finding_tree, "_SLICE", 0)
    tree, tape = StepTree(), tapes.failed_tape()
    async with shown(tree, (100, 20)) as pilot:
        tree.show(tape.state, NOW)
        everything = tree.row_count
        assert tree.find("keyerror") == "…"
        await pilot.press("j")
        assert tree.row_count == everything or tree.found != "…"
        while tree.found == "…":
            await pilot.pause()

        assert tree.cursor_path == tape.path("enrich/currency")
        assert tree.row_count < everything
