"""A form that is filled: what stands in each field, made of a value and read back as one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tuiflow.model.safe_text import safe_text
from tuiflow.service.input_fields import FieldKind, FormField, InputForm
from tuiflow.service.input_values import (
    FieldError,
    check_limits,
    json_or_text,
    list_texts,
    read_field,
    reads_as,
    value_text,
)

Values = Mapping[str, JsonValue]
FieldPath = tuple[str, ...]
MOST_BOXES = 40
"""Places to type in the rows of a list; a longer one is one text."""
_VERBATIM = frozenset({FieldKind.TEXT, FieldKind.PATH})


@dataclass(frozen=True)
class Filled:
    """A field with what stands in it."""

    field: FormField
    text: str = ""
    parts: tuple["Filled", ...] = ()
    """Of a section its fields; of a list that has no text its rows."""
    is_given: bool = True
    """Whether a section that may be left out is given."""


@dataclass(frozen=True)
class LeftOut:
    """Stands for a value that is not given, so that the author's default holds."""


LEFT_OUT = LeftOut()


class FilledFieldError(FieldError):
    """What stands in a field does not fit."""

    def __init__(self, path: FieldPath, problem: str) -> None:
        super().__init__(f"{path_words(path)}: {problem}")
        self.path = path
        self.problem = problem


def path_words(path: FieldPath) -> str:
    """Write the way to a field; the rows of a list are counted from 1."""
    return " › ".join(str(int(part) + 1) if part.isdigit() else part for part in path)


def fill(form: InputForm, value: JsonValue | LeftOut = LEFT_OUT) -> tuple[Filled, ...]:
    """Fill a form from an input, else with the defaults; reading it back gives that input."""
    if form.is_whole:
        (field,) = form.fields
        return (_empty(field) if isinstance(value, LeftOut) else _filled(field, value),)
    given = json_or_text(value) if isinstance(value, str) else value
    return tuple(_fill_fields(form.fields, given if isinstance(given, dict) else {}))


def read_input_of(form: InputForm, filled: Sequence[Filled]) -> JsonValue:
    """Read the input a filled form stands for; raises FilledFieldError at the first misfit."""
    values = read_filled(filled)
    return values.get(form.fields[0].name) if form.is_whole else values


def read_filled(filled: Sequence[Filled], path: FieldPath = ()) -> dict[str, JsonValue]:
    """Read all fields; what is left out is not there."""
    pairs = ((each.field.name, _read(each, (*path, each.field.name))) for each in filled)
    return {name: value for name, value in pairs if not isinstance(value, LeftOut)}


def read_as_typed(form: InputForm, filled: Sequence[Filled]) -> JsonValue:
    """Read a filled form; what does not fit goes as the text that it is."""
    values = _values_as_typed(filled)
    return values.get(form.fields[0].name) if form.is_whole else values


def _values_as_typed(filled: Sequence[Filled]) -> dict[str, JsonValue]:
    pairs = ((each.field.name, _as_typed(each)) for each in filled)
    return {name: value for name, value in pairs if not isinstance(value, LeftOut)}


def _as_typed(filled: Filled) -> JsonValue | LeftOut:
    try:
        return _read(filled, ())
    except FieldError:
        if filled.field.kind is FieldKind.SECTION:
            return _values_as_typed(filled.parts)
        rows = [_as_typed(row) for row in given_rows(filled.parts)]
        given = [row for row in rows if not isinstance(row, LeftOut)]
        return given or filled.text or LEFT_OUT


def new_row(field: FormField) -> Filled:
    """Give one more row for a list, with nothing in it but defaults."""
    return _empty(field.item or field)


def fill_list(field: FormField, text: str) -> Filled:
    """Fill a list from a text: in rows where they are few, else with the text itself."""
    item = field.item
    if item is None or not field.is_written or text.lstrip().startswith("["):
        value = json_or_text(text)
        in_rows = _in_rows(field, value) if isinstance(value, list) else None
        return in_rows or Filled(field, text)
    rows = tuple(Filled(item, each) for each in list_texts(text))
    return Filled(field, parts=rows) if len(rows) <= MOST_BOXES else Filled(field, text)


def with_lines(filled: Filled, at: int, text: str) -> Filled:
    """Put each line of a text into a list as a row; a list that gets long becomes one text."""
    field, item = filled.field, filled.field.item or filled.field
    lines = [Filled(item, line.strip()) for line in text.splitlines() if line.strip()]
    rows = (*given_rows(filled.parts[:at]), *lines, *given_rows(filled.parts[at:]))
    return Filled(field, parts=rows) if len(rows) <= MOST_BOXES else Filled(field, list_lines(rows))


def list_lines(rows: Sequence[Filled]) -> str:
    """Write the rows of a list as a text that `fill_list` takes apart as the same."""
    texts = [row.text for row in given_rows(rows)]
    lines = "\n".join(texts)
    is_plain = list_texts(lines) == texts and not lines.startswith("[")
    return lines if is_plain else json.dumps(texts, ensure_ascii=False)


def _fill_fields(fields: Sequence[FormField], values: Values) -> Iterator[Filled]:
    for field in fields:
        yield _filled(field, values[field.name]) if field.name in values else _empty(field)
    known = {field.name for field in fields}
    for name, value in values.items():
        if name not in known:
            hint = str(FieldKind.ANY)
            extra = FormField(name=name, kind=FieldKind.ANY, hint=hint, is_required=False)
            yield _filled(extra, value)


def _empty(field: FormField) -> Filled:
    if field.has_default and field.default is not None:
        return _filled(field, field.default)
    if field.kind is FieldKind.SECTION:
        parts = tuple(_fill_fields(field.parts, {}))
        return Filled(field, parts=parts, is_given=not field.may_be_absent)
    return Filled(field)


def _filled(field: FormField, value: JsonValue) -> Filled:
    if field.kind is FieldKind.SECTION and isinstance(value, dict):
        filled = Filled(field, parts=tuple(_fill_fields(field.parts, value)))
    elif field.kind is FieldKind.SECTION:
        filled = replace(_empty(field), is_given=False)
    elif isinstance(value, list) and (in_rows := _in_rows(field, value)) is not None:
        filled = in_rows
    else:
        filled = Filled(field, value_text(field, value))
    # What cannot be typed in the field's own way is shown as JSON, so that nothing is changed.
    return filled if _is_typeable(filled.text) and _says(filled, value) else _as_json(field, value)


def _in_rows(field: FormField, value: list[JsonValue]) -> Filled | None:
    item = field.item
    if item is None or len(value) * _boxes(item) > MOST_BOXES:
        return None
    rows = tuple(_filled(item, each) for each in value)
    # A row with nothing in it would not be read.
    is_same = all(row.field is item and not is_blank(row) for row in rows)
    return Filled(field, parts=rows) if is_same else None


def _boxes(field: FormField) -> int:
    return max(1, sum(map(_boxes, field.parts)))


def _is_typeable(text: str) -> bool:
    plain = text.replace("\t", " ")
    return safe_text(plain) == plain


def _says(filled: Filled, value: JsonValue) -> bool:
    field = filled.field
    if field.kind is not FieldKind.SECTION and filled.text.strip():
        return reads_as(field, filled.text, value)
    try:
        read = _read(filled, ())
    except FieldError:
        return False
    if filled.parts and filled.is_given:
        return True  # each of them says what it was filled with
    same = field.default if isinstance(read, LeftOut) and field.has_default else read
    return type(same) is type(value) and same == value


def _as_json(field: FormField, value: JsonValue) -> Filled:
    as_json = replace(field, kind=FieldKind.JSON, hint="JSON", item=None, parts=(), schema=None)
    text = json.dumps(value, ensure_ascii=False)
    return Filled(as_json, text if _is_typeable(text) else json.dumps(value))


def _read(filled: Filled, path: FieldPath) -> JsonValue | LeftOut:
    field = filled.field
    if field.kind is FieldKind.SECTION:
        return read_filled(filled.parts, path) if filled.is_given else _nothing(field, path)
    if filled.parts:
        return _read_rows(filled, path)
    if is_blank(filled):
        return _nothing(field, path)
    try:
        return read_field(field, filled.text)
    except FieldError as error:
        raise FilledFieldError(path, str(error)) from None


def _read_rows(filled: Filled, path: FieldPath) -> JsonValue | LeftOut:
    rows = given_rows(filled.parts)
    values = [_read(row, (*path, str(at))) for at, row in enumerate(rows)]
    if not values:
        return _nothing(filled.field, path)
    return _within_limits(filled.field, [it for it in values if not isinstance(it, LeftOut)], path)


def given_rows(rows: Sequence[Filled]) -> list[Filled]:
    """List the rows in which there is something."""
    return [row for row in rows if not is_blank(row)]


def is_blank(filled: Filled) -> bool:
    """Say whether nothing stands in a field; a section is always something."""
    if filled.field.kind is FieldKind.SECTION:
        return False
    return not (filled.text if filled.field.kind in _VERBATIM else filled.text.strip())


def _within_limits(field: FormField, value: JsonValue, path: FieldPath) -> JsonValue:
    try:
        check_limits(field, value)
    except FieldError as error:
        raise FilledFieldError(path, str(error)) from None
    return value


def _nothing(field: FormField, path: FieldPath) -> JsonValue | LeftOut:
    if field.is_nullable:
        is_known = field.is_required or (field.has_default and field.default is not None)
        return None if is_known else LEFT_OUT
    is_cleared = field.has_default and bool(field.default)
    match field.kind:
        # A required text may be the empty one; a person who wants that leaves the box empty.
        case FieldKind.TEXT if _may_be_empty(field) and (field.is_required or is_cleared):
            return ""
        case FieldKind.LIST if field.is_required or is_cleared:
            return _within_limits(field, [], path)
        case _ if field.is_required:
            raise FilledFieldError(path, f"needed: {field.hint}")
        case _:
            return LEFT_OUT


def _may_be_empty(field: FormField) -> bool:
    schema = field.schema or {}
    return not field.is_secret and "format" not in schema and not schema.get("minLength")
