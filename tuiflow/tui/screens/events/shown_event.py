"""Shows the event under the cursor, whole, with what stands around it in its run."""

from textual.content import Content

from tuiflow.model.events import Event
from tuiflow.service import Service
from tuiflow.tui.screens.events.event_around import NOTHING_AROUND, around_words, read_around
from tuiflow.tui.screens.events.event_text import event_lines
from tuiflow.tui.widgets.value_pane import ValuePane

_NAME = "2 Event"


class ShownEvent:
    """Fills a pane at once, and with what has to be looked for later."""

    def __init__(self, service: Service, pane: ValuePane) -> None:
        self._service = service
        self._pane = pane
        self._event: Event | None = None
        self._by_id = False
        self._around = NOTHING_AROUND

    def show(self, event: Event | None, *, by_id: bool = False) -> None:
        """Show it, or nothing; `by_id` names events by their id, else by their place in the run."""
        self._event, self._by_id, self._around = event, by_id, NOTHING_AROUND
        if event is None:
            self._pane.border_title = Content(_NAME)
            self._pane.show([])
            return
        number = event.id if by_id else event.seq
        title = Content.assemble(f"{_NAME} {number}  ", (event.event, "bold"))
        self._pane.border_title = title
        self._pane.show(event_lines(event, Content()))

    async def look(self) -> None:
        """Say what stands around it, until all of that has come."""
        event = self._event
        if event is None or self._around.after is not None:
            return
        around = await read_around(self._service, event)
        if around != self._around and event is self._event:
            self._around = around
            words = around_words(event, around, by_id=self._by_id)
            self._pane.show(event_lines(event, words), keep_scroll=True)
