import re

import pytest
from rich.cells import cell_len

from tests.taping import SECOND, START, Tape, node, step
from tests.tui import tapes
from tuiflow.model import events as ev
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.tui.plain_signs import SIGNS
from tuiflow.tui.theme import FAINT
from tuiflow.tui.widgets.gantt import Axis, Stretch, axis_of, bar, bar_signs, ruler
from tuiflow.tui.widgets.tree_layout import TreeLayout
from tuiflow.tui.widgets.tree_legend import legend_pieces
from tuiflow.tui.widgets.tree_text import TreeView, header_pieces, row_pieces

SECOND = SECOND


def drawn(
    state: RunState,
    seconds: float,
    width: int = 100,
    *,
    stopping: str = "",
) -> list[str]:
    now = START + int(seconds * SECOND)
    layout = TreeLayout()
    layout.show(state)
    view = TreeView(state, now, axis_of(state, now), stopping)
    return ["".join(text for text, _ in row_pieces(view, row, width)) for row in layout.rows]


def row_with(word: str, rows: list[str]) -> str:
    return next(row for row in rows if word in row)


def test_a_running_step_says_its_try_how_far_it_is_and_how_long():
    row = row_with("fraud_score", drawn(tapes.branching_tape().state, 44))

    assert "▸ fraud_score  try 2  ▕████▉   ▏ 62%" in row.replace("█████   ", "████▉   ")
    assert "00:35" in row
    assert "╌" in row


def test_a_failed_step_says_why_and_those_above_only_how_many():
    rows = drawn(tapes.failed_tape().state, 100)

    assert "✗ currency  KeyError: 'EUR'" in row_with("currency", rows)
    assert "par enrich  1 failed" in row_with("enrich", rows)
    assert "KeyError" not in row_with("etl.daily", rows)


def test_a_branch_not_taken_is_skipped_and_the_decision_stands_on_the_row():
    rows = drawn(tapes.completed_tape().state, 200)

    assert "✓ if total > 0  True → then" in row_with("total > 0", rows)
    assert "⊘ else notify_empty" in row_with("notify_empty", rows)
    assert "✓ match report_to  → chat" in row_with("report_to", rows)


def test_done_iterations_fold_and_the_running_one_stays():
    rows = drawn(tapes.running_tape().state, 84)

    assert "✓ [1..4] load_region  4 done" in row_with("[1..4]", rows)
    assert "▸ [5] load_region" in row_with("[5]", rows)
    assert "4/12" in row_with("loop each_region", rows)


def test_a_step_that_waits_for_its_next_try_says_so():
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0)
    tape.add(ev.StepStartedEvent, "a", 1)
    tape.add(ev.StepRetryingEvent, "a", 2, failure=tapes.TIMEOUT, delay=1.5, next_attempt=2)

    assert "↻ a  try 2 in 1.5 s after TimeoutError" in drawn(tape.state, 3)[1]


def test_a_step_says_of_how_many_tries_this_is_one():
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0)
    tape.add(ev.StepStartedEvent, "a", 1, max_attempts=3)
    tape.add(ev.StepRetryingEvent, "a", 2, failure=tapes.TIMEOUT, delay=1.5, next_attempt=2)
    waiting = drawn(tape.state, 3)[1]
    tape.add(ev.StepStartedEvent, "a", 4, attempt=2, max_attempts=3)
    running = drawn(tape.state, 5)[1]
    tape.add(ev.StepErrorEvent, "a", 6, attempt=2, failure=tapes.TIMEOUT)
    failed = drawn(tape.state, 6, 160)[1]

    assert "↻ a  try 2/3 in 1.5 s after TimeoutError" in waiting
    assert "▸ a  try 2/3" in running
    assert "try 1" not in running  # folded
    assert "  try 2/3" in failed


def test_a_run_being_cancelled_says_so_on_its_first_row():
    rows = drawn(tapes.running_tape().state, 84, stopping="stopping 1 s, kill in 2 s")

    assert rows[0].startswith("⊗ etl.daily  stopping 1 s, kill in 2 s")


@pytest.mark.parametrize("width", [20, 40, 60, 78, 99, 118, 200])
def test_every_row_is_as_wide_as_the_columns_and_durations_stand_in_line(width: int):
    rows = drawn(tapes.completed_tape().state, 200, width)

    assert {cell_len(row) for row in rows} == {cell_len(rows[0])}
    assert cell_len(rows[0]) <= max(width, 27)
    column = rows[0].index("01:38")
    assert row_with("fetch", rows)[column : column + 5] == "00:08"


def test_a_long_name_gives_way_before_the_duration():
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0)
    tape.step("n" * 150, 1, 9)

    row = drawn(tape.state, 10, 60)[1]

    assert "…" in row
    assert "00:08" in row


def test_the_ascii_set_needs_no_other_sign():
    rows = drawn(tapes.failed_tape().state, 100)

    assert all(row.translate(SIGNS).isascii() for row in rows)


def test_a_workflow_that_never_ran_has_no_bars():
    state = RunState.of_outline(tapes.DAILY)

    rows = drawn(state, 0)

    assert "◌ loop each_region  max 12" in row_with("each_region", rows)
    assert not any("━" in row or "─╴" in row for row in rows)


def test_a_bar_is_half_a_cell_precise():
    axis = Axis(0, 100)
    signs = bar_signs(is_leaf=True)

    def text(start: int, end: int) -> str:
        return "".join(sign for sign, _ in bar([Stretch(start, end, "")], axis, 10, signs))

    assert text(0, 100) == "━" * 10
    assert text(5, 25) == "╺━╸       "
    assert text(100, 100) == "         ╺"
    assert len(text(-50, 500)) == 10


def test_an_axis_grows_in_steps_while_the_run_goes_on_and_ends_with_it():
    state = tapes.running_tape().state

    spans = {axis_of(state, START + at * SECOND) for at in (61, 70, 84, 89)}
    done = axis_of(tapes.completed_tape().state, 0)

    assert spans == {Axis(START, 90 * SECOND)}
    assert done == Axis(START, int(98.1 * SECOND))


@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (0.9, ["0", "500 ms", "900 ms"]),
        (1.5, ["0", "00:01"]),
        (2.8, ["0", "00:01", "00:02"]),
        (44, ["0", "00:15", "00:30", "00:44"]),
        (90, ["0", "00:30", "01:00", "01:30"]),
        (400, ["0", "05:00", "06:40"]),
        (200_000, ["0", "19:00:00", "55:33:20"]),
    ],
)
def test_the_ticks_of_an_axis_stand_at_round_times_before_its_end(
    seconds: float, labels: list[str]
):
    ((text, _),) = ruler(Axis(0, int(seconds * SECOND)), 46)

    assert re.split(r"  +", text) == labels
    assert len(text) == 46


def test_a_pause_takes_no_room_on_an_axis_and_the_ruler_shows_where_it_was():
    day = 86_400
    axis = Axis(0, (day + 2) * SECOND, ((SECOND, (day + 1) * SECOND),))

    ((text, _),) = ruler(axis, 40)
    before, after = (
        "".join(sign for sign, _ in bar([stretch], axis, 10, bar_signs(is_leaf=True)))
        for stretch in (
            Stretch(0, SECOND, ""),
            Stretch((day + 1) * SECOND, (day + 2) * SECOND, ""),
        )
    )

    assert text == "0                   ┊           24:00:02"
    assert (before, after) == ("━━━━━     ", "     ━━━━━")


def test_a_run_that_was_found_crashed_a_day_later_and_resumed_shows_the_time_it_worked():
    day = 86_400
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0)
    tape.add(ev.StepStartedEvent, "a", 0)
    tape.add(ev.WorkflowCrashedEvent, "", day, last_heartbeat=START + 4 * SECOND)
    tape.add(ev.WorkflowResumedEvent, "", 2 * day, episode=2)
    going_on = axis_of(tape.state, START + (2 * day + 3) * SECOND)
    tape.step("a", 2 * day, 2 * day + 4)
    tape.add(ev.WorkflowCompletedEvent, "", 2 * day + 4)
    over = axis_of(tape.state, 0)

    assert going_on is not None
    assert over is not None
    assert (going_on.worked, over.worked) == (10 * SECOND, 8 * SECOND)
    assert over.span == (2 * day + 4) * SECOND
    assert over.half(START + 2 * day * SECOND, 8) == 8


def test_the_legend_names_a_pause_where_there_was_one():
    assert "┊ pause" in "".join(text for text, _ in legend_pieces(160, has_pause=True))
    assert "pause" not in "".join(text for text, _ in legend_pieces(160, has_pause=False))


def test_the_header_names_the_columns_and_the_times():
    state = tapes.running_tape().state
    view = TreeView(state, 0, axis_of(state, START + 84 * SECOND))

    header = "".join(text for text, _ in header_pieces(view, 100))

    assert header.split() == ["done", "time", "0", "00:30", "01:00", "01:30"]


def test_what_was_skipped_is_dim():
    state = tapes.failed_tape().state
    layout = TreeLayout()
    layout.show(state)
    view = TreeView(state, 0, axis_of(state, 0))
    row = next(row for row in layout.rows if row.path.endswith("/archive"))

    pieces = row_pieces(view, row, 100)

    assert state.nodes[row.path].status is Status.SKIPPED
    assert ("not reached", FAINT) in pieces


def test_a_parallel_with_a_failed_branch_says_so_while_it_still_runs():
    rows = drawn(tapes.branching_tape().state, 44)

    assert "▸ par enrich  1 failed" in row_with("par enrich", rows)


def test_a_crashed_run_says_why_and_its_open_steps_are_crashed():
    tape = tapes.branching_tape()
    again = {"failure": tapes.TIMEOUT, "delay": 9.0, "next_attempt": 3}
    tape.add(ev.StepRetryingEvent, "enrich/fraud_score", 42, **again)
    tape.add(ev.WorkflowCrashedEvent, "", 45, reason="worker 8812 is gone")

    rows = drawn(tape.state, 50)

    assert "✗ etl.daily  worker 8812 is gone" in rows[0]
    assert "✗ fraud_score  crashed" in row_with("fraud_score", rows)


def test_an_iteration_of_several_steps_has_its_own_row():
    outline = node(
        NodeKind.WORKFLOW,
        "w",
        node(NodeKind.LOOP, "l", step("a"), step("b"), label="max 5"),
    )
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=outline)
    tape.add(ev.LoopExecutionStartedEvent, "l", 1, max_iterations=5)
    tape.add(ev.LoopIterationStartedEvent, "l[1]", 1, iteration=1)
    tape.step("l[1]/a", 2, 3)

    rows = drawn(tape.state, 4)

    assert "▸ [1]" in rows[2]
    assert "1/2" in rows[2]
    assert "◌ b" in rows[4]


def test_a_group_of_branches_names_its_first_and_last():
    rows = drawn(tapes.wide_state(4000), 60)

    assert "✓ [1..33] section_0 … section_32  33 done" in rows[1]
    assert "◌ [34..100] section_33 … section_99  67 pending" in rows[2]
