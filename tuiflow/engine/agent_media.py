"""Hands a step's media to agents in the form of their own library, and takes theirs back."""

from collections.abc import Iterable
from importlib import import_module
from typing import Any

from tuiflow.engine.step_io import StepInput
from tuiflow.model.media import MEDIA_CLASSES, MEDIA_FIELDS, MediaByKind, Medium, by_kind

_SOURCES = ("content", "filepath", "url")
_TEXTS = ("id", "mime_type", "format")
_URLS = {"image": "ImageUrl", "video": "VideoUrl", "audio": "AudioUrl", "file": "DocumentUrl"}


def agent_media(agent: object, text: str, step_input: StepInput) -> tuple[object, dict[str, Any]]:
    """Give the prompt and the options with which an agent of this library is given media.

    Media of files are read here. An agent of no known library is given them as they are, under
    the names `images`, `videos`, `audio` and `files`.
    """
    media = step_input.media
    library = _library(agent)
    if not media:
        return text, {}
    if library == "pydantic_ai":
        return [text, *(_pydantic_ai_part(medium) for medium in media)], {}
    given: dict[str, Any] = {
        name: list(some) for name in MEDIA_FIELDS if (some := getattr(step_input, name))
    }
    if library == "agno":
        return text, {name: [_agno_medium(each) for each in some] for name, some in given.items()}
    return text, given


def made_media(result: Any) -> MediaByKind:
    """Take the media of an Agno result as ours."""
    made: list[Medium] = []
    for name, kind in MEDIA_FIELDS.items():
        some: Iterable[Any] = getattr(result, name, None) or ()
        made += [each if isinstance(each, Medium) else _from_agno(kind, each) for each in some]
    return by_kind(made)


def _library(agent: object) -> str:
    homes = (base.__module__.partition(".")[0] for base in type(agent).__mro__)
    return next((home for home in homes if home in {"pydantic_ai", "agno"}), "")


def _pydantic_ai_part(medium: Medium) -> object:
    library = import_module("pydantic_ai")
    if medium.url is not None:
        return getattr(library, _URLS[medium.kind])(url=medium.url, media_type=medium.mime_type)
    data, kind = medium.get_content_bytes(), medium.mime_type or "application/octet-stream"
    return library.BinaryContent(data=data, media_type=kind, identifier=medium.id)


def _agno_medium(medium: Medium) -> object:
    kind = getattr(import_module("agno.media"), MEDIA_CLASSES[medium.kind].__name__)
    source: dict[str, object] = {"url": medium.url}
    if medium.url is None:
        source = {"content": medium.get_content_bytes()}
    return kind(**source, id=medium.id, mime_type=medium.mime_type, format=medium.format)


def _from_agno(kind: type[Medium], theirs: Any) -> Medium:
    facts: dict[str, Any] = {name: getattr(theirs, name, None) for name in _SOURCES}
    # What has several is the same from each: its bytes need no file and no network.
    given = dict([(name, value) for name, value in facts.items() if value][:1])
    texts: dict[str, Any] = {name: getattr(theirs, name, None) for name in _TEXTS}
    given |= {name: str(text) for name, text in texts.items() if text}
    return kind(**given)
