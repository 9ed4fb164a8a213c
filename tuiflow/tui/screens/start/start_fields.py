"""The fields of the start form, filled from one source or another."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from tuiflow.model.control import Misfit
from tuiflow.service import RunInput
from tuiflow.service.filling import Filled, read_as_typed, read_input_of
from tuiflow.tui.screens.start.form_part import Place
from tuiflow.tui.screens.start.form_rows import FormRows
from tuiflow.tui.screens.start.misfits import show_misfits
from tuiflow.tui.screens.start.more_rows import More
from tuiflow.tui.screens.start.start_editing import fields_of, place_of
from tuiflow.tui.screens.start.start_wish import WHOLE_JSON, Source, StartWish


class StartFields(VerticalScroll):
    """Holds what was typed, over each of the sources."""

    def __init__(self, wish: StartWish) -> None:
        super().__init__(can_focus=False, id="fields")
        self._folder = wish.service.project
        self._sources = wish.sources
        self.source = wish.sources[0]
        """Where what stands there came from at first."""
        self._rows = FormRows(self.source.filled(), self._folder)
        self._more = More(self.source.given, self._folder) if wish.has_more else None
        self._begun: dict[str, Sequence[Filled]] = {}
        self._kept: dict[str, Sequence[Filled]] = {}

    def compose(self) -> ComposeResult:
        yield self._rows
        if self._more is not None:
            yield self._more

    def on_mount(self) -> None:
        # Not before: a field of choices knows its own only now.
        self._begun = {self.source.name: self._rows.filled}

    def read(self) -> RunInput:
        """Read all of it; raises FieldError at the first misfit, or InputError."""
        given = RunInput(read_input_of(self.source.form, self._rows.filled))
        return given if self._more is None else self._more.read(given)

    @property
    def as_typed(self) -> JsonValue:
        """The input; what does not fit is the text that it is."""
        return read_as_typed(self.source.form, self._rows.filled)

    @property
    def has_changed(self) -> bool:
        """Something was typed."""
        now = {**self._kept, self.source.name: self._rows.filled}
        return now != self._begun or (self._more is not None and self._more.has_changed)

    def places(self) -> Iterator[Place]:
        """Yield where the input can be typed, from top to bottom."""
        return self._rows.places()

    def find(self, path: Sequence[str]) -> Place | None:
        """Find where a value is typed."""
        found = self._rows.find(tuple(path))
        return found[0] if found is not None else None

    def show_misfits(self, misfits: Sequence[Misfit]) -> str:
        """Say each where it belongs; gives the last one for which there is no place."""
        return show_misfits(self._rows, self.source.form, misfits)

    async def turn_to(self, at: int) -> None:
        """Show the values of another source; what was typed over this one is kept."""
        wanted = self._sources[at]
        filled = self._kept.get(wanted.name) or wanted.filled()
        if wanted.form is WHOLE_JSON:
            # What was typed so far goes along.
            filled = wanted.filled_as_json(self.as_typed)
        self._kept[self.source.name] = self._rows.filled
        await self._show(wanted, filled)
        self._begun.setdefault(wanted.name, self._rows.filled)

    async def put(self, text: str) -> int:
        """Put an input that was written as JSON into the fields; give which source is shown then.

        What is none of theirs stays JSON.
        """
        source, filled = self.source, fields_of(self.source.form, text)
        if filled is None:
            self._kept[source.name] = self._rows.filled
            source = self._sources[-1]
            filled = [Filled(source.form.fields[0], text)]
        await self._show(source, filled)
        return self._sources.index(source)

    async def renew(self, sources: Sequence[Source]) -> None:
        """Take the fields of newer code, with what was typed."""
        old, had_changed = self.source, self.has_changed
        named = (source for source in sources if source.name == old.name)
        self._sources, self.source = sources, next(named, sources[0])
        if self.source.form == old.form:
            return
        spot = self._rows.spot_of(place_of(self.screen.focused))
        begun = self._begun.get(old.name, ())
        typed = [each for each in self._rows.filled if each not in begun]
        await self._show(self.source, self.source.filled_over(read_as_typed(old.form, typed)))
        self._kept.clear()
        self._begun = {self.source.name: self.source.filled() if had_changed else self._rows.filled}
        if spot is not None and (place := self._rows.place_at(spot) or next(self.places(), None)):
            place.go_on_typing()

    async def _show(self, source: Source, filled: Sequence[Filled]) -> None:
        old, self._rows = self._rows, FormRows(filled, self._folder)
        self.source = source
        with self.app.batch_update():
            await old.remove()
            await self.mount(self._rows, before=0)
