"""Opens what a pane shows, whole, in the pager, or the line that failed in the editor."""

import tempfile
from collections.abc import AsyncIterator, Generator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import IO

from tuiflow.errors import TerminalError, TuiflowError
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
    with _refusals_said(page):
        lend_terminal(page.tuiflow, [*editor(), f"+{line}", str(file)])


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
    with _refusals_said(page), _text_file() as file:
        async for piece in pieces:
            file.write(piece)
        file.flush()
        lend_terminal(page.tuiflow, [*pager(), file.name])


def failing_place(watch: Watch, spot: Spot | None, project: Path) -> tuple[Path, int] | None:
    """Find the author's line in which a node failed."""
    node = spot.find(watch.state.nodes) if spot is not None else None
    failure: Failure | None = node.failure if node is not None else None
    if failure is None:
        return None
    frame = next(iter([*failure.authors_frames, *reversed(failure.frames)]), None)
    return (project / frame.file, frame.line) if frame else None


def _text_file() -> AbstractContextManager[IO[str]]:
    # In the terminal's own encoding, which may not have every letter.
    return tempfile.NamedTemporaryFile("w", prefix="tuiflow-", suffix=".txt", errors="replace")


@contextmanager
def _refusals_said(page: Page) -> Generator[None]:
    try:
        yield
    except TerminalError as error:
        page.say(f"{error}; y copies the text", "error")
    except TuiflowError as error:
        page.say(str(error), "error")
    except OSError as error:
        page.say(f"no file for the pager: {error}; y copies the text", "error")
