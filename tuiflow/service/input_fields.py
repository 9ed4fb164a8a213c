"""What a workflow asks for, as fields: its JSON Schema, read for a form or a command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import cast

from pydantic import JsonValue

from tuiflow.model.media_schema import PLACE

Schema = Mapping[str, JsonValue]


class FieldKind(StrEnum):
    """How a field is typed in: a line, a box to tick, a list to choose from, fields, or JSON."""

    TEXT = "text"
    INTEGER = "whole number"
    NUMBER = "number"
    DECIMAL = "decimal number"
    BOOLEAN = "yes or no"
    CHOICE = "choice"
    DATE = "date"
    DATETIME = "date and time"
    PATH = "path"
    LIST = "list"
    SECTION = "fields"
    MESSAGE = "text or JSON object"
    ANY = "text or JSON"
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
    has_default: bool = False
    """Its default is known here; one that only the author's code can make is not."""
    default: JsonValue = None
    choices: tuple[JsonValue, ...] = ()
    schema: Schema | None = None
    """The field's own schema, references followed; holds limits such as `minimum`."""
    item: "FormField | None" = None
    """What a list holds."""
    parts: tuple["FormField", ...] = ()
    """What a section holds."""

    @property
    def may_be_absent(self) -> bool:
        """A section that need not be given at all."""
        return self.is_nullable or not (self.is_required or self.has_default)

    @property
    def is_written(self) -> bool:
        """A list whose values can be written one beside the other; else it is written as JSON."""
        return self.item is not None and self.item.kind is not FieldKind.SECTION

    @property
    def is_secret(self) -> bool:
        return (self.schema or {}).get("format") == "password"


@dataclass(frozen=True)
class InputForm:
    """What a workflow asks for: fields, or one value that is the whole input."""

    fields: tuple[FormField, ...]
    is_whole: bool = False


MESSAGE = FormField(
    name="message",
    kind=FieldKind.MESSAGE,
    hint="text or JSON",
    description="What the workflow is given; empty for nothing.",
    is_required=False,
    is_nullable=True,
    has_default=True,
)

_BY_TYPE = {
    "integer": FieldKind.INTEGER,
    "number": FieldKind.NUMBER,
    "boolean": FieldKind.BOOLEAN,
    "array": FieldKind.LIST,
}
_BY_FORMAT = {
    "date": FieldKind.DATE,
    "date-time": FieldKind.DATETIME,
    "path": FieldKind.PATH,
    "file-path": FieldKind.PATH,
    "directory-path": FieldKind.PATH,
    PLACE: FieldKind.PATH,
}
_NOT_IN_LISTS = frozenset({FieldKind.LIST, FieldKind.ANY, FieldKind.JSON})
_ALIKE = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def input_form(schema: Schema | None) -> InputForm:
    """List what a workflow asks for; without a schema that is one message."""
    if schema is None:
        return InputForm((MESSAGE,), is_whole=True)
    if has_fields(schema):
        return InputForm(form_fields(schema))
    reader = _Reader(_mapping(schema.get("$defs")))
    return InputForm((reader.field("input", schema, frozenset()),), is_whole=True)


def has_fields(schema: Schema) -> bool:
    """Say whether the input is an object with fields of its own."""
    return _follow(schema, _mapping(schema.get("$defs")))[0].get("type") == "object"


def form_fields(schema: Schema) -> tuple[FormField, ...]:
    """List the fields of an object schema, in the order its author wrote them."""
    reader = _Reader(_mapping(schema.get("$defs")))
    return reader.fields_of(_follow(schema, reader.defs)[0], seen=_references(schema))


def needs_typing(fields: Sequence[FormField]) -> bool:
    """Say whether a person has to type something before the run can start."""
    return any(field.is_required for field in fields)


@dataclass(frozen=True)
class _Reader:
    defs: Schema

    def fields_of(self, schema: Schema, seen: frozenset[str]) -> tuple[FormField, ...]:
        required = _texts(schema.get("required"))
        return tuple(
            self.field(name, _mapping(part), seen, is_required=name in required)
            for name, part in _mapping(schema.get("properties")).items()
        )

    def field(
        self, name: str, written: Schema, seen: frozenset[str], *, is_required: bool = True
    ) -> FormField:
        schema, is_nullable = _follow(written, self.defs)
        kind = _kind_of(schema)
        item, parts = None, ()
        if kind is FieldKind.LIST and "prefixItems" not in schema:
            item = self.field(name, _mapping(schema.get("items")), seen)
        met = seen | _references(written)
        # A model that holds itself would never end.
        if kind is FieldKind.SECTION and len(met) > len(seen):
            parts = self.fields_of(schema, met)
        is_deep = item is None or item.is_nullable or item.kind in _NOT_IN_LISTS
        if (kind is FieldKind.SECTION and not parts) or (kind is FieldKind.LIST and is_deep):
            kind, item = FieldKind.JSON, None
        return FormField(
            name=name,
            kind=kind,
            hint=_hint(kind, item, schema),
            description=str(written.get("description") or schema.get("description") or ""),
            is_required=is_required,
            is_nullable=is_nullable,
            has_default="default" in written or "default" in schema,
            default=written.get("default", schema.get("default")),
            choices=_choices(schema),
            schema=schema,
            item=item,
            parts=parts,
        )


def _follow(schema: Schema, defs: Schema) -> tuple[Schema, bool]:
    # `X | None` and a reference are how pydantic writes most optional and nested fields.
    is_nullable = False
    for _ in range(8):
        options = _list(schema.get("anyOf")) or _list(schema.get("allOf"))
        some = [_mapping(option) for option in options if _mapping(option).get("type") != "null"]
        is_nullable |= len(some) < len(options)
        if len(some) == 1 or (some and all(one.get("format") == "decimal" for one in some)):
            schema = some[0]
        elif isinstance(reference := schema.get("$ref"), str):
            schema = _mapping(defs.get(reference.rpartition("/")[2]))
        else:
            break
    return schema, is_nullable


def _references(schema: Schema) -> frozenset[str]:
    options = _list(schema.get("anyOf")) or _list(schema.get("allOf"))
    names = [_mapping(option).get("$ref") for option in (*options, dict(schema))]
    return frozenset(name for name in names if isinstance(name, str))


def _kind_of(schema: Schema) -> FieldKind:
    if _choices(schema):
        return FieldKind.CHOICE
    form = str(schema.get("format"))
    match schema.get("type"):
        case "string":
            return _BY_FORMAT.get(form, FieldKind.TEXT)
        case "number" if form == "decimal":
            return FieldKind.DECIMAL
        case "object" if schema.get("properties"):
            return FieldKind.SECTION
        case str(name):
            return _BY_TYPE.get(name, FieldKind.JSON)
        case _:
            return FieldKind.ANY if _takes_text(schema) else FieldKind.JSON


def _takes_text(schema: Schema) -> bool:
    options = [_mapping(option) for option in _list(schema.get("anyOf"))]
    return not _shape(schema) or any(option.get("type") == "string" for option in options)


def _shape(schema: Schema) -> frozenset[str]:
    return frozenset(schema) - {"title", "description", "default", "examples"}


def _choices(schema: Schema) -> tuple[JsonValue, ...]:
    return tuple(_list(schema.get("enum"))) or ((schema["const"],) if "const" in schema else ())


def _hint(kind: FieldKind, item: FormField | None, schema: Schema) -> str:
    if item is not None:
        return f"list of {item.hint or item.kind}"
    if kind is FieldKind.SECTION:
        return str(schema.get("title") or "")
    if kind is FieldKind.JSON and schema.get("type") == "object":
        # Where it has no properties, its title is but its own name in capitals.
        return f"JSON {(schema.get('properties') and schema.get('title')) or 'object'}"
    written = schema.get("format")
    if isinstance(written, str) and (kind is FieldKind.TEXT or written == PLACE):
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
