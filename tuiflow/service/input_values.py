"""What was typed for a field, read as JSON; each problem is one short sentence."""

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from pydantic import JsonValue

from tuiflow.service.input_fields import FieldKind, FormField, yes_or_no


class FieldError(ValueError):
    """What was typed does not fit the field."""


def read_field(field: FormField, text: str) -> JsonValue:
    """Read one field; raises FieldError with what was expected."""
    value = _READERS[field.kind](field, text)
    _check_limits(field, value)
    return value


def read_form(fields: Sequence[FormField], typed: Mapping[str, str]) -> dict[str, JsonValue]:
    """Read every field; one left empty is left out, so that its default holds."""
    values: dict[str, JsonValue] = {}
    for field in fields:
        text = typed.get(field.name, "")
        if text.strip() or _is_meant_empty(field):
            values[field.name] = read_field(field, text)
        elif field.is_required:
            raise FieldError(f"{field.name} is needed")
    return values


def problem_with(field: FormField, text: str) -> str:
    """Say what is wrong with a field, or nothing; an empty one is judged only at the start."""
    if not text.strip():
        return ""
    try:
        read_field(field, text)
    except FieldError as error:
        return str(error)
    return ""


def default_text(field: FormField) -> str:
    """Write a field's default the way a person would type it."""
    value = field.default
    if value is None:
        return ""
    if field.kind is FieldKind.LIST and isinstance(value, list):
        texts = [str(item) for item in value]
        return ", ".join(texts) if not any("," in text for text in texts) else json.dumps(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def read_message(text: str) -> JsonValue:
    """Read the single box of a workflow without a schema: nothing, JSON, or a message."""
    stripped = text.strip()
    if not stripped:
        return None
    if stripped[0] in "{[":
        try:
            return cast("JsonValue", json.loads(stripped))
        except ValueError as error:
            raise FieldError(_json_problem(error)) from None
    return stripped


def _is_meant_empty(field: FormField) -> bool:
    # A required text may be the empty one; a person who wants that leaves the box empty.
    return field.kind is FieldKind.TEXT and field.is_required and not field.is_nullable


def _text(_: FormField, text: str) -> JsonValue:
    return text


def _integer(_: FormField, text: str) -> JsonValue:
    try:
        return int(text.strip().replace("_", ""))
    except ValueError:
        raise FieldError("expected a whole number, such as 42") from None


def _number(_: FormField, text: str) -> JsonValue:
    try:
        return float(text.strip().replace("_", ""))
    except ValueError:
        raise FieldError("expected a number, such as 0.5") from None


def _boolean(_: FormField, text: str) -> JsonValue:
    value = yes_or_no(text)
    if value is None:
        raise FieldError("expected yes or no")
    return value


def _choice(field: FormField, text: str) -> JsonValue:
    for choice in field.choices:
        if text == choice_text(choice):
            return choice
    raise FieldError("expected one of " + ", ".join(choice_text(item) for item in field.choices))


def choice_text(choice: JsonValue) -> str:
    """Write a choice for a person."""
    return choice if isinstance(choice, str) else json.dumps(choice)


def _date(_: FormField, text: str) -> JsonValue:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise FieldError("expected YYYY-MM-DD") from None


def _datetime(_: FormField, text: str) -> JsonValue:
    try:
        return datetime.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise FieldError("expected YYYY-MM-DD HH:MM") from None


def _list(field: FormField, text: str) -> JsonValue:
    if text.strip().startswith("["):
        return _json(field, text)
    parts = [part.strip() for part in text.split(",")]
    item = FormField(name=field.name, kind=field.items, hint="")
    return [read_field(item, part) for part in parts if part]


def _json(_: FormField, text: str) -> JsonValue:
    try:
        return cast("JsonValue", json.loads(text))
    except ValueError as error:
        raise FieldError(_json_problem(error)) from None


def _json_problem(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON at line {error.lineno}, column {error.colno}: {error.msg.lower()}"
    return f"not JSON: {error}"


_READERS: dict[FieldKind, Callable[[FormField, str], JsonValue]] = {
    FieldKind.TEXT: _text,
    FieldKind.INTEGER: _integer,
    FieldKind.NUMBER: _number,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.DATE: _date,
    FieldKind.DATETIME: _datetime,
    FieldKind.LIST: _list,
    FieldKind.JSON: _json,
}


_LIMITS: tuple[tuple[str, str, Callable[[float, float], bool]], ...] = (
    ("min", "at least", operator.ge),
    ("max", "at most", operator.le),
    ("exclusiveMin", "more than", operator.gt),
    ("exclusiveMax", "less than", operator.lt),
)


def _check_limits(field: FormField, value: JsonValue) -> None:
    ending, measure, unit = _measure(value)
    for start, words, fits in _LIMITS:
        limit = (field.schema or {}).get(start + ending)
        if isinstance(limit, int | float) and not fits(measure, limit):
            raise FieldError(f"{words} {limit:g}{unit}")


def _measure(value: JsonValue) -> tuple[str, float, str]:
    # JSON Schema names a limit by what it measures: minimum, minLength, minItems.
    if isinstance(value, str):
        return "Length", len(value), " characters"
    if isinstance(value, list):
        return "Items", len(value), " items"
    return "imum", value if isinstance(value, int | float) else 0.0, ""
