"""Writes what a step gave as text for a person."""

import json

from pydantic import BaseModel

from tuiflow.model.text import described


def content_text(content: object) -> str:
    """Write a content as text: text as it is, values as indented JSON where that can be done."""
    if content is None:
        return ""
    if isinstance(content, str):
        return content
    try:
        return _write(content)
    except Exception:  # noqa: BLE001 - an author's classes may answer with anything
        return described(content)


def _write(content: object) -> str:
    match content:
        case BaseModel():
            return content.model_dump_json(indent=2)
        case dict() | list() | tuple():
            return json.dumps(content, indent=2, ensure_ascii=False, default=_plain)
        case _:
            return str(content)


def _plain(value: object) -> object:
    return value.model_dump(mode="json") if isinstance(value, BaseModel) else str(value)
