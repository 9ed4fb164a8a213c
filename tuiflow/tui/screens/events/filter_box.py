"""The line a filter is typed in: words it cannot read are underlined, and fields complete."""

from collections.abc import Sequence
from typing import ClassVar

from rich.highlighter import Highlighter
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.suggester import Suggester

from tuiflow.tui.screens.events.event_filter import complete_word
from tuiflow.tui.widgets.text_box import LineBox


class FilterBox(LineBox):
    """An input that underlines bad words; tab and the right arrow take what it offers."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "tab",
            "complete",
            "Complete",
            id="browser.complete",
            tooltip="Take the field or kind that is offered; else go to the next pane.",
            show=False,
        )
    ]

    def __init__(self, asked: str) -> None:
        self._bad = _BadWords()
        super().__init__(
            value=asked,
            placeholder="run:7f3a  kind:Step*  -kind:StepLog  step:name  since:10m  words",
            compact=True,
            select_on_focus=False,
            highlighter=self._bad,
            suggester=_Fields(use_cache=False),
            id="filter",
        )

    def on_mount(self) -> None:
        self.border_title = "/ Filter"

    def on_focus(self) -> None:
        self.border_title = "/ Filter   tab completes   enter goes to the events"

    def on_blur(self) -> None:
        self.border_title = "/ Filter"

    def action_complete(self) -> None:
        offered = complete_word(self.value)
        if offered is None or self.cursor_position < len(self.value):
            self.screen.focus_next()
        else:
            self.value, self.cursor_position = offered, len(offered)

    def underline(self, words: Sequence[str]) -> None:
        """Mark these words; none takes the marks away."""
        if tuple(words) != self._bad.words:
            self._bad.words = tuple(words)
            self.refresh()


class _BadWords(Highlighter):
    def __init__(self) -> None:
        self.words: tuple[str, ...] = ()

    def highlight(self, text: Text) -> None:
        for word in self.words:
            at = text.plain.rfind(word)
            if at >= 0:
                text.stylize("underline red", at, at + len(word))


class _Fields(Suggester):
    async def get_suggestion(self, value: str) -> str | None:
        return complete_word(value)
