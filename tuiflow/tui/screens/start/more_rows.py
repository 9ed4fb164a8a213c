"""What a run is given besides its input: additional data, media, session and user."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from pydantic import JsonValue
from textual import on
from textual.widgets import Collapsible

from tuiflow.model.media import MEDIA_FIELDS
from tuiflow.model.media_schema import PLACE
from tuiflow.service import RunInput
from tuiflow.service.filling import Filled, fill, read_filled
from tuiflow.service.input_fields import FieldKind, FormField, InputForm
from tuiflow.service.typed_input import data_words, read_data
from tuiflow.tui.screens.start.form_rows import FormRows

_TITLE = "More: data, images, videos, audio, files, session, user"
_FOLDED, _UNFOLDED = "▸", "▾"  # one cell wide in every locale
_PLACE = FormField("place", FieldKind.PATH, PLACE)


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


class More(Collapsible):
    """Asks for it; its fields are made once it is unfolded."""

    def __init__(self, given: RunInput, folder: Path) -> None:
        super().__init__(
            title=_TITLE,
            collapsed=given == RunInput(given.input),
            collapsed_symbol=_FOLDED,
            expanded_symbol=_UNFOLDED,
            id="more",
        )
        self._folder = folder
        self._begun = _fill(given)
        self._rows: FormRows | None = None

    async def on_mount(self) -> None:
        if not self.collapsed:
            await self.make_rows()

    @on(Collapsible.Expanded)
    async def make_rows(self) -> None:
        """Put the fields there, once."""
        if self._rows is None:
            self._rows = FormRows(self._begun, self._folder)
            await self.query_one(Collapsible.Contents).mount(self._rows)

    @property
    def has_changed(self) -> bool:
        """Something was typed."""
        return self._filled != self._begun

    def read(self, given: RunInput) -> RunInput:
        """Read the fields beside the input; raises InputError."""
        values = read_filled(self._filled)
        texts = {name: str(values.get(name, "")).strip() for name in ("data", "session", "user")}
        media = cast("Mapping[str, Sequence[str]]", values)
        return replace(
            given,
            data=read_data([line for line in texts["data"].splitlines() if line.strip()]) or {},
            media={name: media.get(name, ()) for name in MEDIA_FIELDS},
            session_id=texts["session"],
            user_id=texts["user"],
        )

    @property
    def _filled(self) -> tuple[Filled, ...]:
        return self._begun if self._rows is None else self._rows.filled


def _fill(given: RunInput) -> tuple[Filled, ...]:
    typed: dict[str, JsonValue] = {
        "data": "\n".join(data_words(given.data)),
        **{name: list(places) for name, places in given.media.items()},
        "session": given.session_id,
        "user": given.user_id,
    }
    return fill(_FORM, {name: value for name, value in typed.items() if value})
