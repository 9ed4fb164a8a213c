"""Opens what a pane shows, whole, in the pager, or the line that failed in the editor."""

import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from tuiflow.errors import TerminalError
from tuiflow.model.failure import Failure
from tuiflow.tui.lending import editor, lend_terminal, pager
from tuiflow.tui.safe_text import safe_text
from tuiflow.tui.screens.page import Page
from tuiflow.tui.screens.panes.tabs import Tab
from tuiflow.tui.screens.panes.whole import whole_log, whole_text
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot
from tuiflow.tui.widgets.line_pane import LinePane


async def view(page: Page, pane: LinePane, tab: Tab, watch: Watch, spot: Spot | None) -> None:
    """Leave the screen to the editor or the pager until it ends."""
    place = failing_place(watch, spot, page.service.project) if tab is Tab.ERROR else None
    if place is not None:
        edit(page, *place)
        return
    await _page_through(page, _pieces(page, pane, tab, watch, spot))


def edit(page: Page, file: Path, line: int) -> None:
    """Leave the screen to the editor, at a line of a file."""
    _lend(page, [*editor(), f"+{line}", str(file)])


async def view_text(page: Page, text: str) -> None:
    """Leave the screen to the pager with a text."""

    async def whole() -> AsyncIterator[str]:
        yield safe_text(text)

    await _page_through(page, whole())


async def _pieces(
    page: Page, pane: LinePane, tab: Tab, watch: Watch, spot: Spot | None
) -> AsyncIterator[str]:
    if tab is Tab.LOGS and spot is not None and watch.run_id is not None:
        async for piece in whole_log(page.service, watch, spot):
            yield piece
    else:
        text = await whole_text(page.service, tab, watch, spot) if spot is not None else None
        yield safe_text(pane.whole_text if text is None else text)


async def _page_through(page: Page, pieces: AsyncIterator[str]) -> None:
    with tempfile.NamedTemporaryFile("w", prefix="tuiflow-", suffix=".txt") as file:
        async for piece in pieces:
            file.write(piece)
        file.flush()
        _lend(page, [*pager(), file.name])


def failing_place(watch: Watch, spot: Spot | None, project: Path) -> tuple[Path, int] | None:
    """Find the author's line in which a node failed."""
    node = spot.find(watch.state.nodes) if spot is not None else None
    failure: Failure | None = node.failure if node is not None else None
    if failure is None:
        return None
    frame = next(iter([*failure.authors_frames, *reversed(failure.frames)]), None)
    return (project / frame.file, frame.line) if frame else None


def _lend(page: Page, command: list[str]) -> None:
    try:
        lend_terminal(page.tuiflow, command)
    except TerminalError as error:
        page.say(f"{error}; y copies the text", "error")
