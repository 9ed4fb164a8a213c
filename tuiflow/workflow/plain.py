"""Writes values and step outputs as plain JSON values, and reads them back."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, cast

from pydantic import JsonValue

from tuiflow.engine import StepOutput
from tuiflow.model.content import (
    NotRestorableError,
    StoredContent,
    decode_content,
    encode_content,
    plain_json,
)

_NOT_KEPT = {"content", "steps", "images", "videos", "audio", "files"}
_KEPT = tuple(each.name for each in fields(StepOutput) if each.name not in _NOT_KEPT)


def to_plain(value: object) -> JsonValue:
    """Write a value with its type in tags; what JSON cannot hold becomes its preview."""
    encoded = encode_content(value)
    if encoded.blob is not None:
        return json.loads(encoded.blob)
    return encoded.stored.value if encoded.stored.restorable else encoded.stored.preview


def from_plain(value: Any) -> Any:
    """Read a value back; without its tags where a type is not among what is imported."""
    try:
        return decode_content(StoredContent(value=value))
    except NotRestorableError:
        return plain_json(value)


def output_to_plain(output: StepOutput) -> dict[str, JsonValue]:
    """Write a step's output with what stands inside."""
    return {
        **{name: getattr(output, name) for name in _KEPT},
        "step_type": str(output.step_type) if output.step_type else None,
        "content": to_plain(output.content),
        "steps": [output_to_plain(inside) for inside in output.steps],
    }


def output_from_plain(given: Mapping[str, Any]) -> StepOutput:
    """Read a step's output back."""
    inside = cast("list[Mapping[str, Any]]", given.get("steps", []))
    return StepOutput(
        **{name: given[name] for name in _KEPT if name in given},
        content=from_plain(given.get("content")),
        steps=[output_from_plain(each) for each in inside],
    )
