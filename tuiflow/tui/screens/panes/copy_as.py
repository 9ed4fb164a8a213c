"""Copies all of what a pane shows in one of three ways, after a small question."""

import shlex
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tuiflow.errors import TuiflowError
from tuiflow.model.ids import NodePath, short_id
from tuiflow.service.run_command import run_command
from tuiflow.tui.screens.ask import answers_line
from tuiflow.tui.screens.dialog import Dialog
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.panes.tabs import Tab
from tuiflow.tui.screens.panes.whole import whole_json, whole_log, whole_text
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.line_pane import LinePane

Way = Literal["text", "JSON", "command line"]
_WAYS: tuple[tuple[Way, str, str], ...] = (
    ("text", "1", "copy_as.text"),
    ("JSON", "2", "copy_as.json"),
    ("command line", "3", "copy_as.command"),
)
_NO = ("escape,n", "copy_as.no")


class CopyAsScreen(Dialog[Way]):
    """A line at the bottom that asks how to copy."""

    DEFAULT_CSS = """
    CopyAsScreen { background: transparent; }
    CopyAsScreen #ways { dock: bottom; height: 1; background: $surface; padding: 0 1; }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                key,
                f"copy({way!r})",
                f"As {way}",
                id=name,
                tooltip=f"Copy all of it as {way}.",
                priority=True,
            )
            for way, key, name in _WAYS
        ),
        Binding(_NO[0], "leave", "No copy", id=_NO[1], tooltip="Copy nothing.", priority=True),
    ]

    def compose(self) -> ComposeResult:
        ways = answers_line(
            self,
            *((name, key, way) for way, key, name in _WAYS),
            (_NO[1], "esc", "no copy"),
        )
        yield Static(Content.assemble(("copy all of it as   ", MUTED), ways), id="ways")

    def action_copy(self, way: Way) -> None:
        self.dismiss(way)

    def action_leave(self) -> None:
        self.dismiss()


def ask_and_copy(
    page: Page, pane: LinePane | None, tab: Tab, watch: Watch, spot: Spot | None
) -> None:
    """Ask how, then copy all of what the tab shows of a node, whatever of it is seen."""

    async def copy(way: Way) -> None:
        try:
            text = await _written(page, pane, way, (tab, watch, spot))
        except TuiflowError as error:
            page.say(str(error), "error")
            return
        if text:
            page.copy_out(text)
        else:
            page.say(f"there is nothing here to copy as {way}")

    def answered(way: Way | None) -> None:
        if way is not None:
            page.work(copy(way))

    page.tuiflow.ask(CopyAsScreen(), answered)


async def _written(
    page: Page, pane: LinePane | None, way: Way, what: tuple[Tab, Watch, Spot | None]
) -> str | None:
    tab, watch, spot = what
    if way == "command line":
        return await _command_line(page, watch, spot.path if spot else None)
    if spot is not None and way == "JSON":
        return await whole_json(page.service, tab, watch, spot)
    if spot is not None and tab is Tab.LOGS and watch.run_id is not None:
        return "".join([line async for line in whole_log(page.service, watch, spot)])
    text = await whole_text(page.service, tab, watch, spot) if spot is not None else None
    return text if text is not None or way == "JSON" or pane is None else pane.whole_text


async def _command_line(page: Page, watch: Watch, path: NodePath | None) -> str | None:
    """Say how the shell does the same: the run again, or again from the step on."""
    if watch.run_id is None or watch.record is None:
        return shlex.join(["tuiflow", "run", watch.entry.key]) if watch.entry else None
    root = watch.state.root
    if path is not None and root is not None and path != root:
        below = path.removeprefix(f"{root}/")
        words = ["rerun", short_id(watch.run_id), f"--from={below}"]
        return shlex.join(["tuiflow", *words, *page.service.command_options])
    given = await page.service.read_run_input(watch.run_id)
    entry = watch.entry
    key = entry.key if entry else watch.record.workflow_name
    schema = entry.outline.input_schema if entry else None
    return run_command(key, schema, given, page.service.command_options)
