"""Makes values what a schema says, and says field by field where they do not fit."""

from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from tuiflow.errors import DefinitionError, OutputError


def check_schema(owner: str, option: str, schema: object) -> type[BaseModel] | None:
    """Refuse a schema that is no model class."""
    if schema is None or (isinstance(schema, type) and issubclass(schema, BaseModel)):
        return schema
    raise DefinitionError(owner, f"{option}= takes a model class, not {schema!r}")


class _FormSchema(GenerateJsonSchema):
    """Tells a Decimal from a number that may be a text."""

    def decimal_schema(self, schema: Any) -> JsonSchemaValue:
        written = super().decimal_schema(schema)
        for option in written.get("anyOf", [written]):
            option["format"] = "decimal"
        return written


def form_schema(model: type[BaseModel]) -> JsonSchemaValue:
    """Write what a model takes as JSON Schema, for a form or a command line."""
    return model.model_json_schema(schema_generator=_FormSchema)


def fit_value(schema: type[BaseModel], value: object) -> BaseModel:
    """Make an instance of an instance, a dict or JSON text; raises pydantic's ValidationError."""
    if isinstance(value, schema):
        return value
    if isinstance(value, str | bytes):
        return schema.model_validate_json(value)
    return schema.model_validate(value)


def fit_output(schema: type[BaseModel] | None, value: object) -> object:
    """Make what was given what the schema says; raises OutputError with the fields that do not."""
    if schema is None:
        return value
    try:
        return fit_value(schema, value)
    except ValidationError as error:
        problem = field_errors(error, what="output")
        raise OutputError(f"the output does not fit {schema.__name__}: {problem}") from None


def field_errors(error: ValidationError, *, what: str) -> str:
    """Write a validation's errors in one line: `words: Input should be a valid integer`."""
    lines = (
        f"{'.'.join(str(part) for part in each['loc']) or what}: {each['msg']}"
        for each in error.errors()
    )
    return "; ".join(lines)
