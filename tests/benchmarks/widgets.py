"""Trees and logs that are long: keys and news, each beside the built-in widget of the same kind."""

import gc
import time
from itertools import count

import anyio
from textual.app import App, ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import RichLog, Tree

from tests.benchmarks.frames import SIZE, frame, frame_times
from tests.benchmarks.table import Figure
from tests.taping import node, step
from tuiflow.model import events as ev
from tuiflow.model.ids import NodePath
from tuiflow.model.outline import NodeKind, Outline
from tuiflow.model.run_state import RunState
from tuiflow.tui.theme import TUIFLOW_DARK
from tuiflow.tui.widgets.line_pane import LinePane
from tuiflow.tui.widgets.step_tree import StepTree

SECTIONS, PARTS, STEPS = 40, 10, 50
LINES, PEER_LINES = 1_000_000, 100_000
BATCH = 10_000
MIDDLE = 9_000  # a row in the tree


def measure() -> list[Figure]:
    return anyio.run(_measure)


async def _measure() -> list[Figure]:
    return [*await _trees(), *await _logs()]


class _Shown(App[None]):
    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self._widget = widget

    def compose(self) -> ComposeResult:
        yield self._widget

    def on_mount(self) -> None:
        self.register_theme(TUIFLOW_DARK)
        self.theme = TUIFLOW_DARK.name


def _outline() -> Outline:
    parts = [
        node(NodeKind.STEPS, f"part_{part}", *[step(f"step_{at}") for at in range(STEPS)])
        for part in range(PARTS)
    ]
    sections = [node(NodeKind.STEPS, f"section_{at}", *parts) for at in range(SECTIONS)]
    return node(NodeKind.WORKFLOW, "wide", *sections)


async def _trees() -> list[Figure]:
    tree, outline = StepTree(), _outline()
    begun = ev.WorkflowStartedEvent(node_path=NodePath("wide"), seq=1, at=1, outline=outline)
    state, seqs = RunState().after([begun]), count(2)
    async with _Shown(tree).run_test(size=SIZE):
        tree.show(state, 2)
        tree.action_level(1)
        tree.set_cursor(MIDDLE)
        keys = frame(tree, tree.action_cursor_down)

        def go_on() -> None:
            nonlocal state
            seq = next(seqs)
            path = NodePath(f"wide/section_{seq % SECTIONS}/part_1/step_{seq % STEPS}")
            state = state.after([ev.StepStartedEvent(node_path=path, seq=seq, at=seq)])
            tree.show(state, seq)

        news = frame_times(tree, go_on)
        rows = tree.row_count
    theirs = await _built_in_tree(outline)
    name, peer = f"tree of {rows:,} rows".replace(",", " "), "Tree of as many"
    return [
        Figure(f"{name}, a key and its frame", keys, "ms", "≤ 16 ms", peer, theirs),
        Figure(f"{name}, an event and its frame, p95", news[-3], "ms", "≤ 25 ms"),
    ]


async def _built_in_tree(outline: Outline) -> float:
    tree: Tree[None] = Tree("wide")
    async with _Shown(tree).run_test(size=SIZE) as pilot:
        for section in outline.children:
            above = tree.root.add(section.name, expand=True)
            for part in section.children:
                below = above.add(part.name, expand=True)
                for leaf in part.children:
                    below.add_leaf(leaf.name)
        tree.root.expand()
        await pilot.pause()
        tree.cursor_line = MIDDLE
        await pilot.pause()
        return frame(tree, tree.action_cursor_down)


async def _logs() -> list[Figure]:
    pane = LinePane()
    async with _Shown(pane).run_test(size=SIZE) as pilot:
        gc.freeze()  # as the screen does once it is drawn
        begun = time.perf_counter()
        for first in range(0, LINES, BATCH):
            pane.append([_line(number) for number in range(first, first + BATCH)])
        added = LINES / (time.perf_counter() - begun)
        pane.action_top()
        keys = frame(pane, lambda: pane.action_pages(1))
        begun = time.perf_counter()
        slowest = await _slowest_wait(pane)
        looked = (time.perf_counter() - begun) * 1000
        gc.unfreeze()
        await pilot.pause()
    log = RichLog()
    async with _Shown(log).run_test(size=SIZE) as pilot:
        await pilot.pause()
        begun = time.perf_counter()
        for number in range(PEER_LINES):
            log.write(_line(number).plain)
        theirs_added = PEER_LINES / (time.perf_counter() - begun)
        log.scroll_home(animate=False)
        theirs = frame(log, lambda: log.scroll_page_down(animate=False))
    name, peer = "log of 1 000 000 lines", "RichLog of 100 000"
    return [
        Figure(f"{name}, a page and its frame", keys, "ms", "≤ 16 ms", peer, theirs),
        Figure(f"{name}, lines added", added, "/s", "", peer, theirs_added),
        Figure(f"{name}, text found in all", looked, "ms"),
        Figure(f"{name}, longest wait meanwhile", slowest, "ms", "≤ 50 ms"),
    ]


async def _slowest_wait(pane: LinePane) -> float:
    """Milliseconds that anything else had to wait while a rare text was looked for."""
    slowest, before = 0.0, time.perf_counter()
    said = pane.find(f"line {LINES - 1}")
    while "…" in said:
        await anyio.lowlevel.checkpoint()
        now = time.perf_counter()
        slowest, before = max(slowest, now - before), now
        said = str(pane.border_subtitle)
    return slowest * 1000


def _line(number: int) -> Content:
    return Content(f"line {number} of a log that says what is going on, again and again")
