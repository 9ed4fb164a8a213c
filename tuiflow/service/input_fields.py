"""What a workflow asks for, as fields: its JSON Schema, read for a form or a command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from pydantic import JsonValue

Schema = Mapping[str, JsonValue]


class FieldKind(StrEnum):
    """How a field is typed in: a line, a box to tick, a list to choose from, or JSON."""

    TEXT = "text"
    INTEGER = "whole number"
    NUMBER = "number"
    BOOLEAN = "yes or no"
    CHOICE = "choice"
    DATE = "date"
    DATETIME = "date and time"
    LIST = "list"
    JSON = "JSON"


@dataclass(frozen=True)
class FormField:
    """One value a workflow asks for."""

    name: str
    kind: FieldKind
    hint: str
    """The type in words: `date`, `list of text`."""
    description: str = ""
    is_required: bool = True
    is_nullable: bool = False
    default: JsonValue = None
    choices: tuple[JsonValue, ...] = ()
    schema: Schema | None = None
    """The field's own schema, references followed; holds limits such as `minimum`."""
    items: FieldKind = FieldKind.TEXT
    """What a list holds."""


_BY_TYPE = {
    "string": FieldKind.TEXT,
    "integer": FieldKind.INTEGER,
    "number": FieldKind.NUMBER,
    "boolean": FieldKind.BOOLEAN,
    "array": FieldKind.LIST,
}
_BY_FORMAT = {"date": FieldKind.DATE, "date-time": FieldKind.DATETIME}
_IN_LISTS = {FieldKind.TEXT, FieldKind.INTEGER, FieldKind.NUMBER, FieldKind.DATE}
_ALIKE = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def form_fields(schema: Schema) -> tuple[FormField, ...]:
    """List the fields of an object schema, in the order its author wrote them."""
    properties = _mapping(schema.get("properties"))
    required = _texts(schema.get("required"))
    defs = _mapping(schema.get("$defs"))
    return tuple(
        _form_field(name, _mapping(part), defs, is_required=name in required)
        for name, part in properties.items()
    )


def needs_typing(fields: Sequence[FormField]) -> bool:
    """Say whether a person has to type something before the run can start."""
    return any(field.is_required for field in fields)


def _form_field(name: str, written: Schema, defs: Schema, *, is_required: bool) -> FormField:
    schema, is_nullable = _follow(written, defs)
    kind, items = _kind_of(schema, defs)
    return FormField(
        name=name,
        kind=kind,
        hint=_hint(kind, items, schema),
        description=str(written.get("description") or schema.get("description") or ""),
        is_required=is_required,
        is_nullable=is_nullable,
        default=written.get("default", schema.get("default")),
        choices=_choices(schema),
        schema=schema,
        items=items,
    )


def _follow(schema: Schema, defs: Schema) -> tuple[Schema, bool]:
    # `X | None` and a reference are how pydantic writes most optional and nested fields.
    is_nullable = False
    for _ in range(8):
        options = _list(schema.get("anyOf")) or _list(schema.get("allOf"))
        some = [_mapping(option) for option in options if _mapping(option).get("type") != "null"]
        is_nullable |= len(some) < len(options)
        if len(some) == 1:
            schema = some[0]
        elif isinstance(reference := schema.get("$ref"), str):
            schema = _mapping(defs.get(reference.rpartition("/")[2]))
        else:
            break
    return schema, is_nullable


def _kind_of(schema: Schema, defs: Schema) -> tuple[FieldKind, FieldKind]:
    if _choices(schema):
        return FieldKind.CHOICE, FieldKind.TEXT
    kind = _BY_TYPE.get(str(schema.get("type")), FieldKind.JSON)
    if kind is FieldKind.TEXT:
        kind = _BY_FORMAT.get(str(schema.get("format")), kind)
    if kind is not FieldKind.LIST:
        return kind, FieldKind.TEXT
    inner, is_nullable = _follow(_mapping(schema.get("items")), defs)
    items, _ = _kind_of(inner, defs)
    plain = items in _IN_LISTS and not is_nullable and "prefixItems" not in schema
    return (FieldKind.LIST, items) if plain else (FieldKind.JSON, FieldKind.TEXT)


def _choices(schema: Schema) -> tuple[JsonValue, ...]:
    return tuple(_list(schema.get("enum"))) or ((schema["const"],) if "const" in schema else ())


def _hint(kind: FieldKind, items: FieldKind, schema: Schema) -> str:
    if kind is FieldKind.LIST:
        return f"list of {items}"
    if kind is FieldKind.JSON and schema.get("type") == "object":
        return f"JSON {schema.get('title') or 'object'}"
    if kind is FieldKind.TEXT and isinstance(written := schema.get("format"), str):
        return written
    return str(kind)


def yes_or_no(text: str) -> bool | None:
    """Read what a person writes for yes and no; None for anything else."""
    return _ALIKE.get(text.strip().lower())


def _mapping(value: object) -> Schema:
    return cast("Schema", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[JsonValue]:
    return cast("list[JsonValue]", value) if isinstance(value, list) else []


def _texts(value: object) -> frozenset[str]:
    return frozenset(str(item) for item in _list(value))
