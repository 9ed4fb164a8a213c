import pytest

from tests.taping import SECOND, START
from tests.tui import tapes
from tests.tui.widgets.shown import shown
from tuiflow.model.run_state import RunState
from tuiflow.tui.widgets.step_tree import StepTree

NOW = START + 84 * SECOND


async def test_a_filter_keeps_the_parents_of_hits_and_counts_them():
    tree, tape = StepTree(), tapes.failed_tape()
    async with shown(tree, (100, 20)) as pilot:
        tree.show(tape.state, NOW)
        everything = tree.row_count
        await pilot.press("slash", *"keyerror", "enter")
        await pilot.pause()

        failed = tape.path("enrich/currency")
        assert tree.cursor_path == failed
        assert tree.border_subtitle == "/keyerror 1/1 · n N · esc ends"
        assert 1 < tree.row_count < everything
        assert tree.row_count == failed.count("/") + 1
        await pilot.press("escape")
        assert tree.row_count == everything
        assert tree.cursor_path == failed
        assert tree.border_subtitle == "/ find · h l fold · + - levels"


async def test_n_goes_from_hit_to_hit_and_new_steps_come_into_the_filter():
    tree, tape = StepTree(), tapes.running_tape()
    events = tape.in_order()
    async with shown(tree, (100, 30)) as pilot:
        state = RunState().after(events[:4])
        tree.show(state, NOW)
        await pilot.press("slash", *"load_region", "enter")
        await pilot.pause()
        before = str(tree.border_subtitle)
        tree.show(state.after(events), NOW)
        await pilot.press("n")
        first = tree.cursor_path
        await pilot.press("n")

        assert tree.cursor_path != first
        assert str(tree.border_subtitle) != before
        await pilot.press("N")
        assert tree.cursor_path == first


@pytest.fixture
def looped() -> RunState:
    return tapes.looped_state()


async def test_hits_are_counted_from_the_top_down(looped: RunState):
    tree = StepTree()
    async with shown(tree, (100, 60)) as pilot:
        tree.show(looped, NOW)
        await pilot.press("slash", *"try", "enter")
        await pilot.pause()
        seen = [tree.cursor_row]
        for _ in range(7):
            await pilot.press("n")
            seen.append(tree.cursor_row)

    assert seen == sorted(seen)
    assert str(tree.border_subtitle).startswith("/try 8/8 ")


async def test_an_inverse_filter_shows_the_steps_without_the_text():
    tree, tape = StepTree(), tapes.running_tape()
    async with shown(tree, (100, 30)):
        tree.show(tape.state, NOW)
        tree.find("!a")

        leaves = [path for path, node in tape.state.nodes.items() if not node.children]
        without = [path for path in leaves if "a" not in tape.state.nodes[path].name]
        assert str(tree.border_subtitle).startswith("/!a ")
        assert f"/{len(without)} " in str(tree.border_subtitle)
