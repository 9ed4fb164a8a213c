"""What was said on the notice line so far, newest last."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget

from tuiflow.service import Service
from tuiflow.tui.screens.actions import run_actions
from tuiflow.tui.screens.page import Page
from tuiflow.tui.theme import MUTED
from tuiflow.tui.widgets.line_pane import LinePane


class NoticesScreen(Page):
    """Reloads, refusals, broken files and our own errors, each whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "copy", "Copy", id="notices.copy", tooltip="Copy what was said."),
    ]
    KEYS_LINE = ("notices.copy", "page.command", "page.help", "page.leave")

    def __init__(self, service: Service) -> None:
        super().__init__(service)
        self.lines = LinePane(id="notices", classes="pane")
        self._shown: object = None

    def compose_body(self) -> Iterable[Widget]:
        yield self.lines

    def on_mount(self) -> None:
        self.lines.border_title = "Notices"
        self.lines.wrap = self.lines.follow = True
        self.header.show(Content.assemble((" tuiflow", "bold $primary"), "  notices"))
        self.set_focus(self.lines)

    async def pull(self, *, has_news: bool) -> bool:
        """Show what has been said since."""
        notices = self.tuiflow.notices
        if (latest := notices.latest) is not self._shown or latest is None:
            self._shown = latest
            none = [Content.styled("Nothing has been said yet.", MUTED)]
            self.lines.show([notice.line() for notice in notices] or none)
        return has_news

    def action_copy(self) -> None:
        run_actions.copy_text(self, self.lines)

    def action_step_out(self) -> None:
        self.dismiss()
