"""What the start form says of itself: how its values differ from a run's, and its command."""

from itertools import islice

from pydantic import JsonValue
from textual.content import Content

from tuiflow.service.filling import fill, read_input_of
from tuiflow.service.input_diff import differences
from tuiflow.service.input_values import FieldError
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.start.start_wish import Source
from tuiflow.tui.theme import MUTED

_VALUE_CELLS = 20
_MOST_NAMED = 3  # fields that differ
_MOST_CHARS = 4000  # of a command of which one line is shown


def differing_words(source: Source, value: JsonValue) -> Content:
    """Say in a line what is not as in the run the values come from."""
    if not source.is_run:
        return Content()
    try:
        before = read_input_of(source.form, fill(source.form, source.given.input))
    except FieldError:
        return Content.styled(f"What {source.name} was given does not fit any more.", "$warning")
    all_of_them = differences(before, value)
    named = list(islice(all_of_them, _MOST_NAMED))
    if not named:
        return Content.styled(f"The same input as {source.name}.", MUTED)
    more = sum(1 for _ in all_of_them)
    parts: list[tuple[str, str] | str] = [(f"As {source.name}, but  ", MUTED)]
    for each in named:
        name = f"{safe_line(each.name, _VALUE_CELLS)} " if each.name else ""
        before, now = (safe_line(text, _VALUE_CELLS) for text in (each.before, each.now))
        parts += [(name, "bold"), (before or '""', MUTED), " → ", (now or '""', "$primary"), "   "]
    return Content.assemble(*parts, (f"and {more} more" if more else "", MUTED))


def command_words(command: str) -> Content:
    """Show the beginning of a command as a prompt would have it."""
    return Content.assemble(("$ ", MUTED), (safe_line(command[:_MOST_CHARS], 500), MUTED))
