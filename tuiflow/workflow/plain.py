"""Writes values and step outputs as plain JSON values, and reads them back."""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, cast

from pydantic import JsonValue

from tuiflow.engine import StepOutput
from tuiflow.model.content import (
    NotRestorableError,
    StoredContent,
    decode_content,
    encode_content,
)
from tuiflow.model.media import MEDIA_FIELDS, MediaByKind, by_kind
from tuiflow.model.plain_json import plain_json

if TYPE_CHECKING:
    from tuiflow.workflow.run_output import WorkflowRunOutput

_NOT_KEPT = {"content", "steps", *MEDIA_FIELDS}
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


def media_to_plain(holder: "StepOutput | WorkflowRunOutput") -> dict[str, JsonValue]:
    """Write media with their bytes under the names of their kinds."""
    some = {name: getattr(holder, name) for name in MEDIA_FIELDS}
    return {name: [each.to_plain() for each in media] for name, media in some.items() if media}


def media_from_plain(given: Mapping[str, Any]) -> MediaByKind:
    """Read media back."""
    return by_kind(
        kind.from_plain(each) for name, kind in MEDIA_FIELDS.items() for each in given.get(name, [])
    )


def output_to_plain(output: StepOutput) -> dict[str, JsonValue]:
    """Write a step's output with what stands inside."""
    return {
        **{name: getattr(output, name) for name in _KEPT},
        "step_type": str(output.step_type) if output.step_type else None,
        "content": to_plain(output.content),
        **media_to_plain(output),
        "steps": [output_to_plain(inside) for inside in output.steps],
    }


def output_from_plain(given: Mapping[str, Any]) -> StepOutput:
    """Read a step's output back."""
    inside = cast("list[Mapping[str, Any]]", given.get("steps", []))
    return StepOutput(
        **{name: given[name] for name in _KEPT if name in given},
        content=from_plain(given.get("content")),
        **media_from_plain(given),
        steps=[output_from_plain(each) for each in inside],
    )
