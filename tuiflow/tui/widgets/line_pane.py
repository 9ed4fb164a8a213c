"""A pane of lines: text, JSON, tracebacks and logs."""

from rich.segment import Segment
from textual.binding import Binding
from textual.content import Content
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from tuiflow.tui.theme import FAINT
from tuiflow.tui.widgets.finding import find_bindings
from tuiflow.tui.widgets.line_view import LineView
from tuiflow.tui.widgets.paint import Palette
from tuiflow.tui.widgets.wrapping import fold_points

_SIDEWAYS = 8  # cells a key scrolls to the side
_MORE = "›"


class LinePane(LineView, can_focus=True):
    """Shows any number of lines and draws only the visible ones."""

    DEFAULT_CSS = """
    LinePane {
        overflow-x: hidden;
        overflow-y: auto;
        scrollbar-size-vertical: 1;
        padding: 0 0 0 1;
    }
    """
    BINDINGS = [  # noqa: RUF012 - Textual's own way
        *find_bindings("lines"),
        Binding("j,down", "rows(1)", "down", show=False, id="lines.down", tooltip="One line down"),
        Binding("k,up", "rows(-1)", "up", show=False, id="lines.up", tooltip="One line up"),
        Binding("g,home", "top", "top", show=False, id="lines.top", tooltip="To the beginning"),
        Binding(
            "G,end", "end", "end", show=False, id="lines.end", tooltip="To the end, and follow"
        ),
        Binding(
            "ctrl+d",
            "pages(0.5)",
            "½ down",
            show=False,
            id="lines.half_down",
            tooltip="Half a page down",
        ),
        Binding(
            "ctrl+u",
            "pages(-0.5)",
            "½ up",
            show=False,
            id="lines.half_up",
            tooltip="Half a page up",
        ),
        Binding(
            "pagedown,ctrl+f",
            "pages(1)",
            "page",
            show=False,
            id="lines.page_down",
            tooltip="A page down",
        ),
        Binding(
            "pageup,ctrl+b",
            "pages(-1)",
            "page",
            show=False,
            id="lines.page_up",
            tooltip="A page up",
        ),
        Binding("l,right", "sideways(1)", "right", show=False, id="lines.right", tooltip="Right"),
        Binding("h,left", "sideways(-1)", "left", show=False, id="lines.left", tooltip="Left"),
        Binding(
            "f",
            "toggle_follow",
            "follow",
            show=False,
            id="lines.follow",
            tooltip="Follow new lines",
        ),
        Binding("w", "toggle_wrap", "wrap", show=False, id="lines.wrap", tooltip="Wrap long lines"),
    ]

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._palette: Palette | None = None

    # Drawing.

    def notify_style_update(self) -> None:
        self._palette = None
        super().notify_style_update()

    @property
    def _colours(self) -> Palette:
        if self._palette is None:
            self._palette = Palette(self.visual_style)
        return self._palette

    def render_line(self, y: int) -> Strip:
        left, top = self.scroll_offset
        width = self.size.width
        line, part = self._line_at(top + y)
        if line >= len(self._store):
            return Strip.blank(width, self._colours.style(""))
        content = self._selected(self._marked(line), line)
        start = 0
        if self._wrapping is not None:
            points = [*fold_points(content.plain, self._wrapping.width), len(content.plain)]
            start = points[part]
            content = content[start : points[part + 1]]
        strip = self._strip(content)
        is_cut = strip.cell_length > left + width
        strip = strip.crop_extend(left, left + width, self._colours.style(""))
        strip = strip.apply_offsets(left + start, line)
        if is_cut:
            more = Strip([Segment(_MORE, self._colours.style(FAINT))], 1)
            strip = Strip.join([strip.crop(0, width - 1), more])
        return strip

    def _marked(self, line: int) -> Content:
        content = self._store.content(line)
        if self._wanted is None:
            return content
        is_current = 0 <= self._hit < len(self._hits) and self._hits[self._hit] == line
        style = "bold reverse" if is_current else "reverse"
        for place in self._wanted.finditer(content.plain):
            content = content.stylize(style, *place.span())
        return content

    def _strip(self, content: Content) -> Strip:
        colours = self._colours

        def parse(style: str | Style) -> Style:
            return Style.parse(style) if isinstance(style, str) else style

        return Strip(
            [
                Segment(text, style.rich_style)
                for text, style in content.render(colours.base, "", parse)
            ]
        )

    # Selecting text.

    def _selected(self, content: Content, line: int) -> Content:
        selection = self.text_selection
        span = selection.get_span(line) if selection is not None else None
        if span is None:
            return content
        start, end = span
        style = Style.from_styles(self.screen.get_component_styles("screen--selection"))
        return content.stylize(style, start, len(content.plain) if end == -1 else end)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        first = selection.start.y if selection.start else 0
        last = selection.end.y if selection.end else len(self._store) - 1
        texts = self._store.texts(first, last + 1)
        if not texts:
            return None
        # From the end on, so that a selection within one line is cut right.
        if selection.end is not None and last < len(self._store):
            texts[-1] = texts[-1][: selection.end.x]
        if selection.start is not None:
            texts[0] = texts[0][selection.start.x :]
        return "\n".join(texts), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()

    # Keys.

    def action_rows(self, count: int) -> None:
        self._scroll_by(count)

    def action_pages(self, count: float) -> None:
        self._scroll_by(round(count * max(1, self.size.height - 1)))

    def _scroll_by(self, rows: int) -> None:
        target = self.scroll_offset.y + rows
        end = max(0, self._row_count - self.size.height)
        self.scroll_target_y = self.scroll_y = min(max(target, 0), end)

    def action_top(self) -> None:
        self._is_for_top = self.has_older
        self._scroll_by(-self.scroll_offset.y)
        if self.wants_older:
            self.post_message(self.WantsOlder())

    def action_end(self) -> None:
        self._is_for_top = False
        self.follow = True
        self._scroll_rows(self._row_count)

    def action_sideways(self, direction: int) -> None:
        self._scroll_sideways(self.scroll_offset.x + direction * _SIDEWAYS)

    def action_toggle_follow(self) -> None:
        self.follow = not self.follow

    def action_toggle_wrap(self) -> None:
        self.wrap = not self.wrap
