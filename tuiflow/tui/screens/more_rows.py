"""What a run is given besides its input: additional data, media, session and user."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from pydantic import JsonValue

from tuiflow.model.media import MEDIA_FIELDS
from tuiflow.service import RunInput
from tuiflow.service.filling import Filled, fill, read_filled
from tuiflow.service.input_fields import FieldKind, FormField, InputForm
from tuiflow.service.typed_input import data_words, read_data

TITLE = "More: additional data, images, videos, audio, files, session, user"


_PLACE = FormField("place", FieldKind.PATH, "path or URL")


def _text(name: str, hint: str, description: str) -> FormField:
    return FormField(name, FieldKind.TEXT, hint, description, is_required=False)


def _places(name: str, description: str = "") -> FormField:
    hint = "paths or URLs"
    return FormField(name, FieldKind.LIST, hint, description, is_required=False, item=_PLACE)


_FORM = InputForm(
    (
        _text("data", "key=value", "Additional data for the steps, a pair or JSON object a line."),
        *(
            _places(name, about)
            for name, about in zip(
                MEDIA_FIELDS, ("A URL is a reference, never fetched.", "", "", ""), strict=True
            )
        ),
        _text("session", "id", "The session whose state and history it shares."),
        _text("user", "id", "For whom it runs."),
    )
)


def fill_more(given: RunInput) -> tuple[Filled, ...]:
    """Fill the fields."""
    typed: dict[str, JsonValue] = {
        "data": "\n".join(data_words(given.data)),
        **{name: list(places) for name, places in given.media.items()},
        "session": given.session_id,
        "user": given.user_id,
    }
    return fill(_FORM, {name: value for name, value in typed.items() if value})


def read_more(filled: Sequence[Filled], given: RunInput) -> RunInput:
    """Read the fields beside the input; raises InputError."""
    values = read_filled(filled)
    texts = {name: str(values.get(name, "")).strip() for name in ("data", "session", "user")}
    media = cast("Mapping[str, Sequence[str]]", values)
    return replace(
        given,
        data=read_data([line for line in texts["data"].splitlines() if line.strip()]) or {},
        media={name: media.get(name, ()) for name in MEDIA_FIELDS},
        session_id=texts["session"],
        user_id=texts["user"],
    )
