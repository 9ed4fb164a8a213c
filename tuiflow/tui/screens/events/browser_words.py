"""What the event browser says of its table: how many match, how fast they come, why it is empty."""

from textual.content import Content

from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.events.event_pages import MOST_COUNTED
from tuiflow.tui.theme import MUTED

_LONGEST_WORD = 30  # cells


def count_words(count: int) -> str:
    """Write a number of events that was counted up to a limit: `1 284`, `10 000+`."""
    words = f"{min(count, MOST_COUNTED):,}".replace(",", " ")
    return f"{words}+" if count > MOST_COUNTED else words


def title_words(match: int | None, *, follows: bool, below: int, pace: int) -> Content:
    """Say how many events match, and which of them are seen."""
    count = "" if match is None else f"{count_words(match)} match   "
    coming = f" ▸ {pace}/s" if pace else ""
    state = (
        f"following{coming}" if follows else f"{f'{below} new below · ' if below else ''}f follows"
    )
    return Content.assemble("1 Events  ", (f"{count}{state}", MUTED))


def empty_words(last_word: str, exist: int, *, is_looking: bool) -> str:
    """Say why there is nothing, and what to do; `last_word` is of the filter."""
    if is_looking:
        return "Looking further back …"
    if not last_word:
        return "Nothing has happened yet: s on the first page starts a workflow."
    there = f"; {count_words(exist)} exist" if exist else ""
    word = safe_line(last_word, _LONGEST_WORD)
    return f"No event matches{there}. backspace takes {word} away."
