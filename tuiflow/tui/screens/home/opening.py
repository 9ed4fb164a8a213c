"""What stands on the screen while the service opens: the home page as it was last seen."""

from collections.abc import Callable, Iterable

from textual import on
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Resize
from textual.widget import Widget
from textual.widgets import Static

from tuiflow.tui.last_seen import LastSeen
from tuiflow.tui.screens.frame import Frame
from tuiflow.tui.screens.home.layout import Layout
from tuiflow.tui.theme import MUTED
from tuiflow.tui.titles import PANE_TITLES
from tuiflow.tui.widgets.run_list import RunList


class OpeningPage(Frame):
    """Draws what needs no service; keys wait in the app for the page to come."""

    KEYS_LINE = ("page.leave",)

    def __init__(self, seen: LastSeen, *, on_drawn: Callable[[], object]) -> None:
        super().__init__(classes="home")
        self._seen = seen
        self._on_drawn = on_drawn

    def compose_body(self) -> Iterable[Widget]:
        run_list = RunList(id="runs", classes="pane")
        run_list.can_focus = False
        run_list.show(self._seen.rows)
        run_list.move_to(self._seen.cursor)
        below = [Static(id=name, classes="pane") for name in ("input", "previous", "detail")]
        steps = Static(id="steps", classes="pane")
        for pane in (run_list, steps, *below):
            pane.border_title = PANE_TITLES[pane.id or ""]
        yield Horizontal(run_list, steps, id="top")
        yield Horizontal(*below, id="bottom")

    @on(Resize)
    def lay_out(self, event: Resize) -> None:
        self.set_class(Layout.is_beside(event.size), "-beside")

    def on_mount(self) -> None:
        said = (" tuiflow", "bold $primary"), (f"  {self._seen.folder}", ""), ("  opening …", MUTED)
        self.header.show(Content.assemble(*said))
        self.call_after_refresh(self._on_drawn)

    def action_leave(self) -> None:
        self.app.exit()
