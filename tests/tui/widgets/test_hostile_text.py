"""Text from workflows is hostile: whatever it holds, nothing but shown characters comes out."""

import pytest
from textual.widget import Widget

from tests.taping import SECOND, START, Tape, node, step
from tests.tui.test_safe_text import is_harmless
from tests.tui.widgets.shown import lines, shown
from tuiflow.model import events as ev
from tuiflow.model.content import StoredContent
from tuiflow.model.events import Event
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.outline import NodeKind
from tuiflow.model.status import Status
from tuiflow.tui.widgets.content_lines import (
    failure_lines,
    json_lines,
    log_lines,
    text_lines,
)
from tuiflow.tui.widgets.event_table import EventTable
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.markdown_lines import markdown_lines
from tuiflow.tui.widgets.run_list import ListRow, RunList
from tuiflow.tui.widgets.step_tree import StepTree

HOSTILE = [
    "[@click=app.quit]x[/]",
    "[/x]",
    "[" * 40,
    "\x1b]52;c;cGF5bG9hZA==\x07clip",
    "\x1b[2J\x1b[Hgone",
    "\x1bcreset\x9b31m",
    "\x9d0;title\x9c",
    "a\r\n\x00\x08\x7fb",
    "\u202egnp.exe",
    "\ud800 lone",
    "日本" * 40,
]


def tape_of(text: str) -> Tape:
    outline = node(
        NodeKind.WORKFLOW,
        "w",
        node(NodeKind.PARALLEL, text, step(text), label=text),
        node(NodeKind.ROUTER, "r", step("a"), label=text),
    )
    failure = Failure(
        type=text, message=text, frames=(Frame(file=text, line=1, function=text, source=text),)
    )
    all_path, step_path = (path for path, _ in list(outline.walk())[1:3])
    tape = Tape("w")
    tape.add(ev.WorkflowStartedEvent, "", 0, outline=outline, input=StoredContent(value=text))
    inner = str(all_path).partition("/")[2], str(step_path).partition("/")[2]
    tape.add(ev.ParallelExecutionStartedEvent, inner[0], 1, count=1)
    tape.add(ev.StepStartedEvent, inner[1], 1, executor_name=text)
    tape.add(ev.StepProgressEvent, inner[1], 2, done=1, total=2, message=text)
    tape.add(ev.StepLogEvent, inner[1], 2, text=text)
    tape.add(ev.CustomEvent, inner[1], 2, name=text, data={text: text})
    tape.add(ev.StepErrorEvent, inner[1], 3, failure=failure)
    tape.add(ev.WorkflowCancelledEvent, "", 4, reason=text)
    return tape


async def assert_harmless(widget: Widget, fill: object) -> None:
    async with shown(widget, (90, 24)) as pilot:
        fill()  # type: ignore[operator]
        await pilot.pause()
        # A click on text that reads like an action does nothing but move the cursor.
        for y in range(1, 6):
            await pilot.click(widget, offset=(8, y))
        await pilot.pause()

        assert pilot.app.is_running
        assert all(is_harmless(line) and "\n" not in line for line in lines(widget))
        assert "\x1b]52" not in pilot.app.export_screenshot()


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_the_step_tree_shows_names_and_reasons_as_text(text: str):
    tree, tape = StepTree(), tape_of(text)

    await assert_harmless(tree, lambda: tree.show(tape.state, START + 5 * SECOND))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_the_event_table_shows_events_as_text(text: str):
    table, events = EventTable(), tape_of(text).in_order()

    await assert_harmless(table, lambda: table.show(events, with_run=True))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_the_list_shows_names_as_text(text: str):
    runs = RunList()
    rows = [ListRow(text, text, Status.ERROR, text, text), ListRow("b", "!", None, text, text, 3)]

    await assert_harmless(runs, lambda: runs.show(rows))


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
async def test_the_line_pane_shows_every_kind_of_text_as_text(text: str):
    pane = LinePane()
    events: list[Event] = tape_of(text).in_order()
    failure = next(event.failure for event in events if isinstance(event, ev.StepErrorEvent))

    def fill() -> None:
        pane.show([*text_lines(text), *json_lines(text), *markdown_lines(text)])
        pane.append([*failure_lines(failure), *log_lines(events)])
        pane.wrap = True

    await assert_harmless(pane, fill)
