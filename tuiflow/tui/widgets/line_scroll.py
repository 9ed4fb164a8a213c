"""What all views of lines scroll in."""

from textual.geometry import Size
from textual.reactive import Reactive
from textual.scroll_view import ScrollView


class LineScroll(ScrollView):
    """Takes more or fewer lines without having the whole page laid out, as Textual's own does."""

    virtual_size = Reactive(Size(0, 0), layout=False)

    def watch_virtual_size(self, size: Size) -> None:
        """Let the scrollbar tell; where it comes or goes, that has the page laid out."""
        self._scroll_update(size)

    @property
    def room(self) -> Size:
        """The cells that lines have; what is hidden or not laid out yet keeps its last."""
        # Not `size`: that is empty while a pane is hidden, and Textual scrolls within this one.
        return self.container_size
