"""The start form in an editor: one field of it, or all of the input as JSON."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import JsonValue
from textual.app import App
from textual.widget import Widget

from tuiflow.service.filling import Filled, fill
from tuiflow.service.input_fields import FieldKind, InputForm
from tuiflow.service.input_values import json_or_text
from tuiflow.tui.lending import edit_text
from tuiflow.tui.screens.start.form_part import Place


def place_of(widget: Widget | None) -> Place | None:
    """Find the place of the form that a widget belongs to."""
    ways = widget.ancestors_with_self if widget is not None else ()
    return next((way for way in ways if isinstance(way, Place)), None)


def edit_place(app: App[Any], place: Place) -> bool:
    """Have one field edited; say whether it has a text. May raise TerminalError."""
    text = place.text
    if text is None:
        return False
    is_json = place.filled.field.kind is FieldKind.JSON
    begun = _indented(text) if is_json else text
    edited = edit_text(app, begun, ".json" if is_json else ".txt")
    if edited != begun:
        place.put(edited)
    return True


def edit_all(app: App[Any], value: JsonValue) -> str | None:
    """Have the whole input edited as JSON; None where it was left as it is.

    May raise TerminalError.
    """
    begun = json.dumps(value, indent=2, ensure_ascii=False)
    edited = edit_text(app, begun, ".json")
    return None if edited == begun else edited


def fields_of(form: InputForm, text: str) -> Sequence[Filled] | None:
    """Fill a form from JSON; None where it is no object, which has fields."""
    value = json_or_text(text)
    return fill(form, value) if isinstance(value, dict) else None


def _indented(text: str) -> str:
    value = json_or_text(text)
    has_lines = isinstance(value, dict | list)
    return json.dumps(value, indent=2, ensure_ascii=False) if has_lines else text
