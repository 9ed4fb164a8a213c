"""Lets images, audio, video and files be fields of pydantic models."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pydantic_core import CoreSchema, core_schema

from tuiflow.errors import MediaError

if TYPE_CHECKING:
    from tuiflow.model.media import Medium

PLACE = "path or URL"  # the format of a field that is a medium, in the JSON Schema of its model


def media_schema(kind: "type[Medium]") -> CoreSchema:
    """Take a medium as it is, a path, a URL, or what `to_plain` wrote; JSON has the last."""

    def read(value: object) -> "Medium":
        try:
            match value:
                case kind():
                    return value
                case str() if "://" in value:
                    return kind(url=value)
                case str() | Path():
                    return kind(filepath=value)
                case dict():
                    return kind.from_plain(cast("dict[str, Any]", value))
                case _:
                    pass
        except (MediaError, TypeError) as error:
            raise ValueError(str(error)) from None
        raise ValueError(f"{kind.__name__} takes a path or a URL")

    return core_schema.no_info_plain_validator_function(
        read,
        json_schema_input_schema=core_schema.str_schema(
            metadata={"pydantic_js_updates": {"format": PLACE}}
        ),
        serialization=core_schema.plain_serializer_function_ser_schema(
            kind.to_plain, when_used="json", return_schema=core_schema.dict_schema()
        ),
    )
