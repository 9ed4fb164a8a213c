"""What may follow the word of a command, by what stands before."""

import shlex
from collections.abc import Iterator, Sequence

from tuiflow.model.ids import short_id
from tuiflow.service.input_fields import FormField, form_fields
from tuiflow.service.input_values import choice_text
from tuiflow.tui.screens.events import event_filter
from tuiflow.tui.screens.home.home import home_of
from tuiflow.tui.screens.page import Page
from tuiflow.tui.theme import OUR_THEMES


def runs(page: Page, before: Sequence[str]) -> Sequence[str]:
    """Offer the runs of the list."""
    recent = home_of(page).recent_runs()
    return [] if before else ["last", *(short_id(run_id) for run_id in recent)]


def run_words(page: Page, before: Sequence[str]) -> Sequence[str]:
    """Offer the workflows; behind one, the fields of its input that are not given yet."""
    entries = page.service.catalog.entries
    if not before:
        return [shlex.quote(entry.key) for entry in entries]
    schemas = (entry.outline.input_schema for entry in entries if entry.key == before[0])
    schema = next(schemas, None)
    given = {word.partition("=")[0] for word in before[1:]}
    fields = form_fields(schema) if schema is not None else ()
    return [it for field in fields if field.name not in given for it in _field_words(field)]


def filter_words(_: Page, __: Sequence[str]) -> Sequence[str]:
    """Offer the fields of a filter, with their values where these are known."""
    return event_filter.words()


def themes(_: Page, before: Sequence[str]) -> Sequence[str]:
    """Offer those that are made for these screens."""
    return [] if before else OUR_THEMES


def _field_words(field: FormField) -> Iterator[str]:
    if not field.choices:
        yield f"{field.name}="
    for choice in field.choices:
        yield shlex.quote(f"{field.name}={choice_text(field, choice)}")
