"""Writes what a step gave as text for a person."""

import json

from pydantic import BaseModel


def content_text(content: object) -> str:
    """Write a content as text: text as it is, values as indented JSON where that can be done."""
    match content:
        case None:
            return ""
        case str():
            return content
        case BaseModel():
            return content.model_dump_json(indent=2)
        case dict() | list() | tuple():
            return json.dumps(content, indent=2, ensure_ascii=False, default=_plain)
        case _:
            return str(content)


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)
