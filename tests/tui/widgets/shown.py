"""A one-widget app for tests, and what stands on its screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

from tuiflow.tui.theme import TUIFLOW_DARK


class OneWidget(App[None]):
    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.register_theme(TUIFLOW_DARK)
        self.theme = TUIFLOW_DARK.name
        self.widget.focus()


@asynccontextmanager
async def shown(
    widget: Widget, size: tuple[int, int] = (100, 20), *, told: list[Message] | None = None
) -> AsyncIterator[Pilot[None]]:
    def hear(message: Message) -> None:
        # Heard once at every widget it passes.
        is_ours = type(message).__qualname__.startswith(type(widget).__name__ + ".")
        if told is not None and is_ours and not any(message is other for other in told):
            told.append(message)

    async with OneWidget(widget).run_test(size=size, message_hook=hear) as pilot:
        await pilot.pause()
        yield pilot


def lines(widget: Widget) -> list[str]:
    return [widget.render_line(y).text for y in range(widget.size.height)]
