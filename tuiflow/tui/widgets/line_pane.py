"""A pane of lines: text, JSON, tracebacks and logs."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from tuiflow.tui.theme import FAINT
from tuiflow.tui.widgets.line_keys import LINE_KEYS
from tuiflow.tui.widgets.line_view import LineView
from tuiflow.tui.widgets.paint import Palette

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
    BINDINGS: ClassVar[list[BindingType]] = [*LINE_KEYS]

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._palette: Palette | None = None
        self._chosen: tuple[int, int] | None = None
        self._offered = ""

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
        width = self.room.width
        line, part = self._line_at(top + y)
        if line >= len(self._store):
            return Strip.blank(width, self._colours.style(""))
        row = self._row_style(line)
        content = self._selected(self._marked(line), line)
        start = 0
        if self._wrapping is not None:
            points = [*self._wrapping.points(content.plain), len(content.plain)]
            start = points[part]
            content = content[start : points[part + 1]]
        strip = self._strip(content, row)
        is_cut = strip.cell_length > left + width
        strip = strip.crop_extend(left, left + width, self._colours.style("", row))
        strip = strip.apply_offsets(left + start, line)
        if is_cut:
            more = Strip([Segment(_MORE, self._colours.style(FAINT, row))], 1)
            strip = Strip.join([strip.crop(0, width - 1), more])
        return strip

    def _marked(self, line: int) -> Content:
        content = self._store.content(line)
        if self._is_chosen(line):
            # A blank line is seen as chosen too.
            return Content(content.plain or " ").stylize("reverse")
        if self._wanted is None:
            return content
        is_current = self._hits.is_at(line)
        style = "bold reverse" if is_current else "reverse"
        for place in self._wanted.finditer(content.plain):
            content = content.stylize(style, *place.span())
        return content

    def _row_style(self, line: int) -> str:
        """Say what a line stands on."""
        return ""

    def _strip(self, content: Content, row: str) -> Strip:
        colours = self._colours

        def parse(style: str | Style) -> Style:
            return Style.parse(style) if isinstance(style, str) else style

        return Strip(
            [
                Segment(text, style.rich_style)
                for text, style in content.render(colours.visual("", row), "", parse)
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

    # Choosing whole lines.

    @property
    def chosen_text(self) -> str | None:
        """The lines that were chosen; None where none were."""
        if self._chosen is None:
            return None
        return "\n".join(self._store.texts(min(self._chosen), max(self._chosen) + 1))

    def end_choice(self) -> None:
        """Choose no lines any more."""
        self._chosen = None
        self._say()
        self.refresh()

    def action_choose_lines(self) -> None:
        if self._chosen is not None or not len(self._store):
            self.end_choice()
            return
        self.follow = False
        line = self._line_to_choose
        self._chosen = (line, line)
        self._say()
        self.refresh()

    @property
    def _line_to_choose(self) -> int:
        return self._line_at(self.scroll_offset.y)[0]

    def _choose_to(self, count: int) -> bool:
        if self._chosen is None:
            return False
        start, end = self._chosen
        end = min(max(end + count, 0), len(self._store) - 1)
        self._chosen = (start, end)
        self._show_line(end)
        self._say()
        self.refresh()
        return True

    def _show_line(self, line: int) -> None:
        """Scroll just as far as needed to see a line."""
        first, last = self._first_row(line), self._first_row(line + 1) - 1
        if first < self.scroll_offset.y:
            self._scroll_rows(first)
        elif last >= self.scroll_offset.y + self.room.height:
            self._scroll_rows(last - self.room.height + 1)

    @property
    def whole_text(self) -> str:
        """All lines there are, whatever of them is seen."""
        return "\n".join(self._store.texts(0, len(self._store)))

    def _is_chosen(self, line: int) -> bool:
        return self._chosen is not None and min(self._chosen) <= line <= max(self._chosen)

    def _notes(self) -> list[Content]:
        if self._chosen is None:
            is_offered = self._offered and self._wanted is None
            return [Content(self._offered)] if is_offered else []
        count = abs(self._chosen[1] - self._chosen[0]) + 1
        return [Content(f"{count} line{'' if count == 1 else 's'} · y copies · esc ends")]

    def offer(self, keys: str) -> None:
        """Name on the border what can be done with what is shown."""
        if keys != self._offered:
            self._offered = keys
            self._say()

    def show(self, lines: Sequence[Content], *, keep_scroll: bool = False) -> None:
        self._chosen = None
        super().show(lines, keep_scroll=keep_scroll)

    def prepend(self, lines: Sequence[Content], *, has_older: bool) -> None:
        if self._chosen is not None:
            self._chosen = (self._chosen[0] + len(lines), self._chosen[1] + len(lines))
        super().prepend(lines, has_older=has_older)

    def action_find_end(self) -> None:
        if self._chosen is not None:
            self.end_choice()
        else:
            super().action_find_end()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "find_end" and self._chosen is not None:
            return True
        return super().check_action(action, parameters)

    # Keys.

    def action_rows(self, count: int) -> None:
        if not self._choose_to(count):
            self._scroll_by(count)

    def action_pages(self, count: float) -> None:
        self.action_rows(round(count * max(1, self.room.height - 1)))

    def _scroll_by(self, rows: int) -> None:
        target = self.scroll_offset.y + rows
        end = max(0, self._row_count - self.room.height)
        self.scroll_target_y = self.scroll_y = min(max(target, 0), end)

    def action_top(self) -> None:
        if self._choose_to(-len(self._store)):
            return
        self._is_for_top = self.has_older
        self._scroll_by(-self.scroll_offset.y)
        if self.wants_older:
            self.post_message(self.WantsOlder())

    def action_end(self) -> None:
        if self._choose_to(len(self._store)):
            return
        self._is_for_top = False
        self.follow = True
        self._scroll_rows(self._row_count)

    def action_sideways(self, direction: int) -> None:
        self._scroll_sideways(self.scroll_offset.x + direction * _SIDEWAYS)

    def action_toggle_follow(self) -> None:
        self.follow = not self.follow

    def action_toggle_wrap(self) -> None:
        self.wrap = not self.wrap
