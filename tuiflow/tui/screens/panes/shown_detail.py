"""Keeps the panes about one thing: which tab is shown, and what stands there without a step."""

from textual.content import Content

from tuiflow.model.ids import display_path
from tuiflow.service import Service
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.panes import about
from tuiflow.tui.screens.panes.detail import DetailPane
from tuiflow.tui.screens.panes.node_panes import NodePanes, default_tab
from tuiflow.tui.screens.panes.tabs import Tab
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot


class ShownDetail:
    """Stands between what is watched and the panes; a tab that was chosen stays."""

    def __init__(self, service: Service, panes: NodePanes, detail: DetailPane) -> None:
        self._service = service
        self._panes = panes
        self._detail = detail
        self._chosen: Tab | None = None

    def choose(self, tab: Tab) -> None:
        """Show a tab until something else is watched."""
        self._chosen = tab
        self._detail.turn_to(tab)

    def forget_tab(self) -> None:
        """Let the state of a step choose its tab again."""
        self._chosen = None

    async def show(self, watching: Watch, spot: Spot | None) -> Tab:
        """Show a step, a broken file, or what to do in an empty folder; give the tab it stands on.

        Another tab may be chosen meanwhile.
        """
        if watching.broken is not None:
            lines = about.broken_lines(watching.broken, self._service.project)
            self._say_about(safe_line(watching.broken.file.name, 100))
            self._panes.show_no_step(watching.broken, lines)
        elif spot is None:
            self._say_about("")
            catalog = self._service.catalog
            is_empty = not catalog.entries
            lines = about.first_minute_lines(catalog, self._service.project) if is_empty else []
            self._panes.show_no_step(("first minute", *lines), lines)
        else:
            is_offered = self._chosen in self._detail.tabs
            tab = self._chosen if self._chosen and is_offered else default_tab(watching, spot)
            self._detail.turn_to(tab)
            self._detail.call_it(Content(safe_line(display_path(spot.path), 200)))
            await self._panes.show(watching, spot, tab)
            return tab
        return Tab.ABOUT

    def _say_about(self, name: str) -> None:
        self._detail.turn_to(Tab.ABOUT)
        self._detail.call_it(Content(name))
