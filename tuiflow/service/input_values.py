"""What was typed for a field, read as JSON; each problem is one short sentence."""

import json
import operator
import os
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import cast

from pydantic import JsonValue

from tuiflow.service.input_fields import FieldKind, FormField, yes_or_no


class FieldError(ValueError):
    """What was typed does not fit the field."""


def read_field(field: FormField, text: str) -> JsonValue:
    """Read one field; raises FieldError with what was expected."""
    value = _READERS[field.kind](field, text)
    check_limits(field, value)
    return value


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
    return value_text(field, field.default)


def value_text(field: FormField, value: JsonValue) -> str:
    """Write a value the way a person would type it in its field; nothing for none."""
    if value is None and None not in field.choices:
        return ""
    if value in field.choices:
        return choice_text(field, value)
    if field.kind is FieldKind.LIST and isinstance(value, list):
        return _list_text(field, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def reads_as(field: FormField, text: str, value: JsonValue) -> bool:
    """Say whether a field reads a text as exactly this value."""
    try:
        # Not by `==`, to which 1, 1.0 and True are one.
        return json.dumps(read_field(field, text)) == json.dumps(value)
    except FieldError:
        return False


def _list_text(field: FormField, value: list[JsonValue]) -> str:
    if not field.is_written:
        return json.dumps(value, ensure_ascii=False)
    item = field.item or field
    texts = [value_text(item, each) for each in value]
    written = (", ".join(texts), "\n".join(texts))
    return next((text for text in written if reads_as(field, text, value)), json.dumps(value))


def list_texts(text: str) -> list[str]:
    """Take a list apart that is written on one line with commas, or one value a line."""
    parts = text.strip().split("\n" if "\n" in text.strip() else ",")
    return [part.strip() for part in parts if part.strip()]


def read_message(text: str) -> JsonValue:
    """Read the single box of a workflow without a schema: nothing, JSON, or a message."""
    stripped = text.strip()
    if not stripped:
        return None
    if stripped[0] in "{[":
        return read_json(stripped)
    return stripped


def _text(_: FormField, text: str) -> JsonValue:
    return text


def _integer(_: FormField, text: str) -> JsonValue:
    try:
        return int(text.strip().replace("_", ""))
    except ValueError:
        raise FieldError("expected a whole number, such as 42") from None


def _number(_: FormField, text: str) -> JsonValue:
    try:
        value = float(text.strip().replace("_", ""))
    except ValueError:
        raise FieldError("expected a number, such as 0.5") from None
    if not isfinite(value):
        raise FieldError("expected a number, such as 0.5")
    return value


def _boolean(_: FormField, text: str) -> JsonValue:
    value = yes_or_no(text)
    if value is None:
        raise FieldError("expected yes or no")
    return value


def _decimal(_: FormField, text: str) -> JsonValue:
    try:
        value = Decimal(text.strip().replace("_", ""))
    except InvalidOperation:
        raise FieldError("expected a number, such as 0.10") from None
    if not value.is_finite():
        raise FieldError("expected a number, such as 0.10")
    # As text: a JSON number would be rounded on its way.
    return str(value)


def _choice(field: FormField, text: str) -> JsonValue:
    for choice in field.choices:
        if text == choice_text(field, choice):
            return choice
    known = ", ".join(choice_text(field, choice) for choice in field.choices)
    raise FieldError(f"expected one of {known}")


def choice_text(field: FormField, choice: JsonValue) -> str:
    """Write a choice for a person; `"1"` where 1 can be chosen too."""
    written = json.dumps(choice, ensure_ascii=False)
    if not isinstance(choice, str) or any(
        choice == json.dumps(other) for other in field.choices if not isinstance(other, str)
    ):
        return written
    return choice


def _date(_: FormField, text: str) -> JsonValue:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise FieldError("expected YYYY-MM-DD") from None


def _datetime(_: FormField, text: str) -> JsonValue:
    try:
        written = datetime.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise FieldError("expected YYYY-MM-DD HH:MM") from None
    return written.replace("+00:00", "Z") if text.strip().endswith("Z") else written


def _path(_: FormField, text: str) -> JsonValue:
    return os.path.expanduser(text) if text.startswith("~/") else text


def _list(field: FormField, text: str) -> JsonValue:
    if text.strip().startswith("[") or not field.is_written:
        return _read_array(text)
    item = field.item or field
    return [read_field(item, part) for part in list_texts(text)]


def _read_array(text: str) -> JsonValue:
    value = read_json(text)
    if not isinstance(value, list):
        raise FieldError("expected a list, such as [1, 2]")
    return value


def _message(_: FormField, text: str) -> JsonValue:
    return read_message(text)


def _json(_: FormField, text: str) -> JsonValue:
    return read_json(text)


def json_or_text(text: str) -> JsonValue:
    """Read JSON where it is JSON, else keep the text."""
    try:
        return read_json(text)
    except FieldError:
        return text


def _any(_: FormField, text: str) -> JsonValue:
    return json_or_text(text)


def read_json(text: str) -> JsonValue:
    """Read JSON, and nothing that only looks like it; raises FieldError with the place."""
    try:
        return cast("JsonValue", json.loads(text, parse_constant=_refuse_constant))
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FieldError(f"not JSON at {where}: {error.msg.lower()}") from None
    except (ValueError, RecursionError) as error:
        raise FieldError(f"not JSON: {error}") from None


def _refuse_constant(name: str) -> JsonValue:
    raise ValueError(f"{name} is not a JSON value")


_READERS: dict[FieldKind, Callable[[FormField, str], JsonValue]] = {
    FieldKind.TEXT: _text,
    FieldKind.INTEGER: _integer,
    FieldKind.NUMBER: _number,
    FieldKind.BOOLEAN: _boolean,
    FieldKind.CHOICE: _choice,
    FieldKind.DATE: _date,
    FieldKind.DATETIME: _datetime,
    FieldKind.DECIMAL: _decimal,
    FieldKind.PATH: _path,
    FieldKind.LIST: _list,
    FieldKind.SECTION: _json,
    FieldKind.MESSAGE: _message,
    FieldKind.ANY: _any,
    FieldKind.JSON: _json,
}


_LIMITS: tuple[tuple[str, str, Callable[[float, float], bool]], ...] = (
    ("min", "at least", operator.ge),
    ("max", "at most", operator.le),
    ("exclusiveMin", "more than", operator.gt),
    ("exclusiveMax", "less than", operator.lt),
)


def check_limits(field: FormField, value: JsonValue) -> None:
    """Refuse what is too small, too big, too short or too long; raises FieldError."""
    is_decimal = field.kind is FieldKind.DECIMAL
    ending, measure, unit = _measure(float(str(value)) if is_decimal else value)
    for start, words, fits in _LIMITS:
        limit = (field.schema or {}).get(start + ending)
        if isinstance(limit, int | float) and not fits(measure, limit):
            raise FieldError(f"{words} {limit:g}{unit}{'s' if unit and limit != 1 else ''}")


def _measure(value: JsonValue) -> tuple[str, float, str]:
    # JSON Schema names a limit by what it measures: minimum, minLength, minItems.
    if isinstance(value, str):
        return "Length", len(value), " character"
    if isinstance(value, list):
        return "Items", len(value), " item"
    return "imum", value if isinstance(value, int | float) else 0.0, ""
