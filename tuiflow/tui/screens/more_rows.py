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


def _field(name: str, hint: str, description: str = "") -> FormField:
    return FormField(name, FieldKind.TEXT, hint, description, is_required=False)


_FORM = InputForm(
    (
        _field("data", "key=value", "Additional data for the steps, a pair or JSON object a line."),
        *(
            _field(name, "paths or URLs", how)
            for name, how in zip(
                MEDIA_FIELDS,
                ("One a line; a URL is a reference, never fetched.", "", "", ""),
                strict=True,
            )
        ),
        _field("session", "id", "The session whose state and history it shares."),
        _field("user", "id", "For whom it runs."),
    )
)


def fill_more(given: RunInput) -> tuple[Filled, ...]:
    """Fill the fields."""
    typed: dict[str, JsonValue] = {
        "data": "\n".join(data_words(given.data)),
        **{name: "\n".join(places) for name, places in given.media.items()},
        "session": given.session_id,
        "user": given.user_id,
    }
    return fill(_FORM, {name: text for name, text in typed.items() if text})


def read_more(filled: Sequence[Filled], given: RunInput) -> RunInput:
    """Read the fields beside the input; raises InputError."""
    values = cast("Mapping[str, str]", read_filled(filled))
    lines = {
        name: [line for line in text.splitlines() if line.strip()] for name, text in values.items()
    }
    return replace(
        given,
        data=read_data(lines.get("data", ())) or {},
        media={name: lines.get(name, []) for name in MEDIA_FIELDS},
        session_id=values.get("session", "").strip(),
        user_id=values.get("user", "").strip(),
    )
