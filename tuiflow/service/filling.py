"""A form that is filled: what stands in each field, made of a value and read back as one."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tuiflow.model.safe_text import safe_text
from tuiflow.service.input_fields import FieldKind, FormField, InputForm
from tuiflow.service.input_values import FieldError, json_or_text, read_field, reads_as, value_text

Values = Mapping[str, JsonValue]
FieldPath = tuple[str, ...]
_VERBATIM = frozenset({FieldKind.TEXT, FieldKind.PATH})


@dataclass(frozen=True)
class Filled:
    """A field with what stands in it."""

    field: FormField
    text: str = ""
    parts: tuple["Filled", ...] = ()
    """Of a section."""
    is_given: bool = True
    """Whether a section that may be left out is given."""


@dataclass(frozen=True)
class LeftOut:
    """Stands for a value that is not given, so that the author's default holds."""


LEFT_OUT = LeftOut()


class FilledFieldError(FieldError):
    """What stands in a field does not fit."""

    def __init__(self, path: FieldPath, problem: str) -> None:
        super().__init__(f"{'.'.join(path)}: {problem}")
        self.path = path
        self.problem = problem


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


def read_what_fits(form: InputForm, filled: Sequence[Filled]) -> JsonValue:
    """Read what can be read of a filled form."""
    values: dict[str, JsonValue] = {}
    for each in filled:
        with suppress(FieldError):
            values |= read_filled([each])
    return values.get(form.fields[0].name) if form.is_whole else values


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
    else:
        filled = Filled(field, value_text(field, value))
    # What cannot be typed in the field's own way is shown as JSON, so that nothing is changed.
    return filled if _is_typeable(filled.text) and _says(filled, value) else _as_json(field, value)


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
    same = field.default if isinstance(read, LeftOut) and field.has_default else read
    return isinstance(value, dict) or (type(same) is type(value) and same == value)


def _as_json(field: FormField, value: JsonValue) -> Filled:
    as_json = replace(field, kind=FieldKind.JSON, hint="JSON", item=None, parts=(), schema=None)
    text = json.dumps(value, ensure_ascii=False)
    return Filled(as_json, text if _is_typeable(text) else json.dumps(value))


def _read(filled: Filled, path: FieldPath) -> JsonValue | LeftOut:
    field = filled.field
    if field.kind is FieldKind.SECTION:
        return read_filled(filled.parts, path) if filled.is_given else _nothing(field, path)
    is_blank = not filled.text if field.kind in _VERBATIM else not filled.text.strip()
    if is_blank:
        return _nothing(field, path)
    try:
        return read_field(field, filled.text)
    except FieldError as error:
        raise FilledFieldError(path, str(error)) from None


def _nothing(field: FormField, path: FieldPath) -> JsonValue | LeftOut:
    if field.is_nullable:
        is_known = field.is_required or (field.has_default and field.default is not None)
        return None if is_known else LEFT_OUT
    is_cleared = field.has_default and bool(field.default)
    match field.kind:
        # A required text may be the empty one; a person who wants that leaves the box empty.
        case FieldKind.TEXT if _may_be_empty(field) and (field.is_required or is_cleared):
            return ""
        case FieldKind.LIST if is_cleared:
            return []
        case _ if field.is_required:
            raise FilledFieldError(path, f"needed: {field.hint}")
        case _:
            return LEFT_OUT


def _may_be_empty(field: FormField) -> bool:
    schema = field.schema or {}
    return not field.is_secret and "format" not in schema and not schema.get("minLength")
