"""Any number of lines as rows: wrapping, scrolling, following. What they look like is not here."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from re import Pattern
from typing import ClassVar

from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer

from tuiflow.tui.widgets.finding import FindScreen, found_line
from tuiflow.tui.widgets.line_hits import LineHits
from tuiflow.tui.widgets.line_scroll import LineScroll
from tuiflow.tui.widgets.line_store import LineStore
from tuiflow.tui.widgets.wrapping import Wrapping

_SLICE = 0.015  # seconds of looking for text between two frames
_REST = 0.005


class LineView(LineScroll, can_focus=True, inherit_bindings=False):
    """Holds lines and knows which of them are seen; a subclass draws them."""

    @dataclass
    class WantsOlder(Message):
        """The view nears the oldest line it has, and there are older ones."""

    WRAPS_WORDS: ClassVar[bool] = True
    _last_text = ""
    follow: reactive[bool] = reactive(default=False)
    wrap: reactive[bool] = reactive(default=False)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own word
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._store = LineStore()
        self._wrapping: Wrapping | None = None
        self._unread = 0
        self._said = ""
        self.has_older = False
        """There are older lines that have not been read."""
        self._wants_all = False
        self._is_for_top = False
        self._hits = LineHits(self._store)
        self._looking: Timer | None = None
        self._is_for_hit = False
        self._is_paused = False
        self._is_ours = False

    # Lines.

    def show(self, lines: Sequence[Content], *, keep_scroll: bool = False) -> None:
        """Replace the lines; the view goes to the top, or to the end when it follows."""
        self._store.clear()
        self._store.extend(lines)
        self.has_older = self._wants_all = False
        self._unread = 0
        self._measure()
        self._hits.forget()
        self._hits.add(0, len(self._store))
        self._look_on()
        if self.follow:
            self._scroll_rows(self._row_count)
        else:
            self._scroll_rows(self.scroll_offset.y if keep_scroll else 0)
        if not keep_scroll:
            self._scroll_sideways(0)
        self._say()
        self.refresh()

    def append(self, lines: Sequence[Content]) -> None:
        """Add lines at the end; the view moves only when it follows."""
        if not lines:
            return
        was_at_end, first_row, first_line = self._is_at_end, self._row_count, len(self._store)
        self._store.extend(lines)
        if self._wrapping is not None:
            self._wrapping.measure_end()
        self._set_virtual_size()
        self._hits.add(first_line, len(self._store))
        self._look_on()
        if self.follow:
            self._scroll_rows(self._row_count)
            self.refresh()
        else:
            self._unread += 0 if was_at_end else len(lines)
            if first_row < self.scroll_offset.y + self.room.height:
                self.refresh()
        self._say()

    def prepend(self, lines: Sequence[Content], *, has_older: bool) -> None:
        """Add lines before the first one; what is seen stays where it is."""
        top, before = self.scroll_offset.y, self._row_count
        self.has_older = has_older
        if lines:
            self.screen.clear_selection()
            self._store.prepend(lines)
            self._measure()
            self._hits.shift(len(lines))
            self._look_on()
            self._scroll_rows(0 if self._is_for_top else top + self._row_count - before)
            self.refresh()
        self._is_for_top = self._is_for_top and has_older
        self._wants_all = self._wants_all and has_older
        self._say()

    @property
    def wants_older(self) -> bool:
        """There are older lines to be had, and the view nears them or all are looked through."""
        is_near = self.scroll_offset.y < 2 * self.room.height
        return self.has_older and (self._wants_all or self._is_for_top or is_near)

    def clear(self) -> None:
        """Show nothing."""
        self.show([])

    # Rows: a line is one row, or several when wrapped.

    @property
    def _row_count(self) -> int:
        return self._wrapping.row_count if self._wrapping else len(self._store)

    def _line_at(self, row: int) -> tuple[int, int]:
        return self._wrapping.line_at(row) if self._wrapping else (row, 0)

    def _first_row(self, line: int) -> int:
        return self._wrapping.first_row(line) if self._wrapping else line

    def _measure(self) -> None:
        self._wrapping = None
        if self.wrap:
            self._wrapping = Wrapping(self._store, self.text_width or 80, by_words=self.WRAPS_WORDS)
        self._set_virtual_size()

    def _set_virtual_size(self) -> None:
        width = self.room.width if self.wrap else self._store.widest
        self.virtual_size = Size(width, self._row_count)

    @property
    def text_width(self) -> int:
        """The cells of a wrapped row: one is left free at the right edge."""
        return max(self.room.width - 1, 0)

    # Scrolling and following.

    def _scroll_rows(self, top: int) -> None:
        target = min(max(top, 0), max(0, self._row_count - self.room.height))
        self._is_ours = True
        self.scroll_target_y = self.scroll_y = target
        self._is_ours = False

    def _scroll_sideways(self, left: int) -> None:
        target = min(max(left, 0), max(0, self._store.widest - self.room.width))
        if not self.wrap and target != self.scroll_offset.x:
            self.scroll_target_x = self.scroll_x = target

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value and self.wants_older:
            self.post_message(self.WantsOlder())
        if self._is_ours:
            return
        # A pane that has grown is moved up too, and still stands at the end.
        if new_value < old_value and self.follow and not self._is_at_end:
            self.follow, self._is_paused = False, True
        elif self._is_at_end:
            self._set_unread(0)
            if self._is_paused:
                self.follow = True

    @property
    def _is_at_end(self) -> bool:
        return self.scroll_offset.y + self.room.height >= self._row_count

    def watch_follow(self, follow: bool) -> None:  # noqa: FBT001 - Textual's watchers are called so
        self._is_paused = False
        if follow:
            self._set_unread(0)
            self._scroll_rows(self._row_count)

    def watch_wrap(self) -> None:
        line, _ = self._line_at(self.scroll_offset.y)
        self._measure()
        self._scroll_sideways(0)
        self._scroll_rows(self._first_row(line))
        self.refresh()

    def on_resize(self) -> None:
        if self.wrap and (self._wrapping is None or self._wrapping.width != self.text_width):
            self.watch_wrap()
        if self.follow:
            self._scroll_rows(self._row_count)

    def watch_show_vertical_scrollbar(self, is_shown: bool) -> None:  # noqa: FBT001 - Textual's watchers are called so
        # A scrollbar that has just appeared has not heard where the view stands.
        if is_shown:
            self.vertical_scrollbar.position = self.scroll_y

    def _set_unread(self, count: int) -> None:
        self._unread = count
        self._say()

    def _say(self) -> None:
        parts = self._notes()
        if self._unread:
            parts.append(Content(f"{self._unread:,} new below · G end".replace(",", " ")))
        if self._wanted is not None:
            parts.append(found_line(self._hits.text, self._found))
        said = Content(" · ").join(parts)
        if said.plain != self._said:
            self._said = said.plain
            self.border_subtitle = said

    def _notes(self) -> list[Content]:
        return []

    # Finding text.

    def find(self, text: str) -> str:
        """Mark every place of a text and go to the first from here on; give the count."""
        self._hits.want(text)
        self._wants_all = self._wanted is not None and self.has_older
        line, _ = self._line_at(self.scroll_offset.y)
        self._hits.add(line, len(self._store))
        self._hits.add(0, line)
        self._is_for_hit = True
        self._look_on()
        self.refresh()
        return self._found if text else ""

    @property
    def _wanted(self) -> Pattern[str] | None:
        return self._hits.wanted

    def _look_on(self) -> None:
        if self._looking is not None:
            self._looking.stop()
            self._looking = None
        self._hits.look(_SLICE)
        if self._is_for_hit and self._hits:
            line, _ = self._line_at(self.scroll_offset.y)
            self._go_to_hit(bisect_left(self._hits, line) % len(self._hits))
        if self._hits.is_looking:
            # Between two slices the loop has room for keys and frames.
            self._looking = self.set_timer(_REST, self._look_on)
        self._say()

    @property
    def _found(self) -> str:
        more = "…" if self._wants_all or self._hits.is_looking else ""
        count = f"{len(self._hits):,}".replace(",", " ")
        return f"{self._hits.at + 1}/{count}{more}" if self._hits else f"no hit{more}"

    def _go_to_hit(self, at: int) -> None:
        self._hits.at, self._is_for_hit = at, False
        self.follow = False
        row = self._first_row(self._hits[at])
        top, height = self.scroll_offset.y, self.room.height
        if not top <= row < top + height:
            self._scroll_rows(row - height // 3)
        self._say()
        self.refresh()

    def action_find(self) -> None:
        wanted, last = self._hits.text, self._last_text
        self.app.push_screen(FindScreen(self.find, lambda: self._found, wanted, last=last))

    def action_find_next(self, step: int) -> None:
        if self._hits:
            self._go_to_hit((self._hits.at + step) % len(self._hits))

    def action_find_end(self) -> None:
        self._last_text = self._hits.text
        self.find("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        # Else the keys mean what they mean on the page.
        if action in {"find_next", "find_end"}:
            return self._wanted is not None
        return super().check_action(action, parameters)
