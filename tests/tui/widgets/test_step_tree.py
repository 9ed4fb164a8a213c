from textual.message import Message

from tests.taping import SECOND, START, node, step
from tests.tui import tapes
from tests.tui.widgets.shown import lines, shown
from tuiflow.model import events as ev
from tuiflow.model.ids import NodePath
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.tui.widgets.step_tree import StepTree

NOW = START + 84 * SECOND


async def test_keys_move_the_cursor_and_it_is_told():
    tree, tape = StepTree(), tapes.running_tape()
    told: list[Message] = []
    async with shown(tree, told=told) as pilot:
        tree.show(tape.state, NOW)
        await pilot.press("j", "down", "k")

        assert tree.cursor_path == tape.path("fetch_orders")
        assert [message.path for message in told if isinstance(message, StepTree.Highlighted)] == [
            tape.path(""),
            tape.path("fetch_orders"),
            tape.path("enrich"),
            tape.path("fetch_orders"),
        ]

        await pilot.press("G")
        assert tree.cursor_path == tape.path("archive")
        await pilot.press("g")
        assert tree.cursor_path == tape.path("")
        await pilot.press("enter")
        await pilot.pause()
        assert told[-1] == StepTree.Opened(tape.path(""))


async def test_h_folds_or_goes_up_and_l_unfolds_or_goes_down():
    tree, tape = StepTree(), tapes.running_tape()
    async with shown(tree) as pilot:
        tree.show(tape.state, NOW)
        tree.move_to(tape.path("enrich/geo"))

        await pilot.press("h")
        assert tree.cursor_path == tape.path("enrich")
        before = tree.row_count
        await pilot.press("h")
        assert tree.row_count == before - 3
        await pilot.press("l")
        assert tree.row_count == before
        await pilot.press("l")
        assert tree.cursor_path == tape.path("enrich/geo")
        await pilot.press("k", "space")
        assert tree.row_count == before - 3


async def test_the_cursor_stays_on_its_step_when_rows_come_above_it():
    tree, tape = StepTree(), tapes.running_tape()
    events = tape.in_order()
    async with shown(tree, (100, 12)) as pilot:
        state = RunState().after(events[:4])
        tree.show(state, NOW)
        tree.move_to(tape.path("archive"))
        await pilot.pause()
        offset = tree.cursor_row - tree.top_row

        tree.show(state.after(events), NOW)
        await pilot.pause()

        assert tree.cursor_path == tape.path("archive")
        assert tree.cursor_row - tree.top_row == offset


async def test_what_stands_under_the_cursor_is_folded_away_only_after_the_cursor_has_left_it():
    tree, tape = StepTree(), tapes.running_tape()
    cut = next(
        at
        for at, event in enumerate(tape.in_order())
        if event.kind == "LoopIterationStarted" and event.node_path.endswith("[4]")
    )
    async with shown(tree, (100, 30)):
        state = RunState().after(tape.in_order()[:cut])
        tree.show(state, NOW)
        tree.move_to(tape.path("each_region[2]/load_region"))
        more = state.after(tape.in_order()[: cut + 1])
        tree.show(more, NOW)
        assert tree.cursor_path == tape.path("each_region[2]/load_region")

        tree.set_cursor(0)
        tree.show(more.after(tape.in_order()), NOW)
        tree.move_to(tape.path("each_region"))
        assert "[1..4]" in lines(tree)[tree.cursor_row + 2]


async def test_the_first_failure_is_shown_once_unless_the_cursor_was_moved():
    tape = tapes.failed_tape()
    state = RunState().after(tape.in_order()[:4])
    tree = StepTree()
    async with shown(tree):
        tree.show(tape.state, NOW)
        assert tree.cursor_path == tape.path("enrich/currency")

    tree = StepTree()
    async with shown(tree) as pilot:
        tree.show(state, NOW)
        await pilot.press("j")
        tree.show(state.after(tape.in_order()), NOW)
        assert tree.cursor_path == tape.path("fetch_orders")
        assert tree.next_failure()
        assert tree.cursor_path == tape.path("enrich/currency")
        assert tree.next_failure()


async def test_behind_the_last_failure_comes_what_was_the_slowest_of_many():
    tree, tape = StepTree(), tapes.slow_turn_tape()
    async with shown(tree):
        tree.show(tapes.running_tape().state, NOW)
        assert not tree.next_failure()

        tree.show(tape.state, NOW)
        assert tree.next_failure()
        assert tree.cursor_path == tape.path("again[4]/s")
        tape.add(ev.StepErrorEvent, "again[9]/s", 110, failure=tapes.TIMEOUT)
        tree.show(tape.state, NOW)
        gone_to = [tree.cursor_path for _ in range(2) if tree.next_failure()]

    assert gone_to == [tape.path("again[9]/s"), tape.path("again[4]/s")]


async def test_the_signs_are_explained_below_the_rows_where_there_is_room():
    tree, tape = StepTree(), tapes.running_tape()
    async with shown(tree, (140, 30)) as pilot:
        tree.show(tape.state, NOW)
        assert lines(tree)[-1].strip().startswith("◌ pending   ▸ running   ✓ done   ✗ failed")
        await pilot.resize_terminal(100, 30)
        assert not lines(tree)[-1].strip()
        await pilot.resize_terminal(140, tree.row_count + 2)
        assert "pending" not in lines(tree)[-1]


async def test_a_click_selects_and_a_second_one_opens():
    tree, tape = StepTree(), tapes.running_tape()
    told: list[Message] = []
    async with shown(tree, told=told) as pilot:
        tree.show(tape.state, NOW)
        await pilot.pause()
        await pilot.click(tree, offset=(10, 2))
        assert tree.cursor_path == tape.path("fetch_orders")
        assert not any(isinstance(message, StepTree.Opened) for message in told)

        await pilot.click(tree, offset=(10, 2))
        await pilot.pause()
        assert told[-1] == StepTree.Opened(tape.path("fetch_orders"))


async def test_a_click_on_the_sign_of_what_holds_others_folds_it_and_another_unfolds_it():
    tree, tape = StepTree(), tapes.running_tape()
    async with shown(tree) as pilot:
        tree.show(tape.state, NOW)
        await pilot.pause()
        everything = tree.row_count
        row = next(y for y, line in enumerate(lines(tree)) if "enrich" in line)
        sign = lines(tree)[row].index("par") - 2
        await pilot.click(tree, offset=(sign, row))
        assert tree.cursor_path == tape.path("enrich")
        assert tree.row_count == everything - 3
        await pilot.click(tree, offset=(sign, row))

        assert tree.row_count == everything


async def test_a_tick_moves_only_what_runs():
    tree, tape = StepTree(), tapes.running_tape()
    async with shown(tree, (100, 30)) as pilot:
        tree.show(tape.state, NOW)
        await pilot.pause()
        before = lines(tree)
        drawn: list[int] = []
        tree.refresh_lines = lambda y, count=1: drawn.append(y)  # type: ignore[method-assign]

        tree.tick(NOW + SECOND)

        after = lines(tree)
        changed = [y for y, line in enumerate(after) if line != before[y]]
        assert drawn == changed
        assert all("▸" in after[y] for y in changed)


async def test_a_tree_of_twenty_thousand_steps_keeps_its_cursor():
    state = tapes.wide_state(20_000)
    tree = StepTree()
    async with shown(tree) as pilot:
        tree.show(state, NOW)
        assert tree.move_to(NodePath("wide/section_400/step_20"))
        await pilot.press("j")

        assert tree.cursor_path == NodePath("wide/section_400/step_21")
        assert "step_21" in "\n".join(lines(tree))


async def test_plus_and_minus_open_and_close_a_level_under_the_cursor():
    tree, tape = StepTree(), tapes.running_tape()
    async with shown(tree, (100, 30)) as pilot:
        tree.show(tape.state, NOW)
        everything = tree.row_count
        await pilot.press("minus")
        less = tree.row_count
        assert less < everything
        await pilot.press("plus")
        assert tree.row_count == everything
        await pilot.press(*["minus"] * 6)
        assert tree.row_count == 1
        await pilot.press("plus")
        assert 1 < tree.row_count < everything


async def test_enter_shows_a_nested_workflow_or_a_loop_alone_and_folds_stay_as_they_were():
    inner = node(
        NodeKind.WORKFLOW, "inner", step("read"), node(NodeKind.LOOP, "again", step("try"))
    )
    outer = node(NodeKind.WORKFLOW, "outer", step("first"), inner, step("last"))
    tree, told = StepTree(), list[Message]()
    async with shown(tree, told=told) as pilot:
        tree.show(RunState.of_outline(outer), NOW)
        await pilot.press("j", "j", "enter")
        assert tree.zoomed == "outer/inner"
        assert tree.row_count == 4
        await pilot.press("G", "h", "h", "enter")  # folded, and then zoomed into
        assert tree.zoomed == "outer/inner/again"
        await pilot.press("slash", *"last", "enter", "escape")
        assert tree.zoomed == "outer/inner/again"  # what is not shown is not found

        assert tree.zoom_out()
        assert (tree.zoomed, tree.cursor_path) == ("outer/inner", "outer/inner/again")
        assert tree.zoom_out()
        assert (tree.zoomed, tree.cursor_path) == (None, "outer/inner")
        assert not tree.zoom_out()
        assert tree.row_count == 6  # the loop is folded again
        await pilot.press("enter")
        assert tree.move_to(NodePath("outer/last"))
        assert tree.zoomed is None  # gone to from elsewhere
