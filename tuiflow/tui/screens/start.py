"""The form that starts a run: a field for each thing the workflow asks for."""

from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, cast

from anyio import sleep
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Collapsible, OptionList, Select, Static

from tuiflow.errors import MediaError, TerminalError, TuiflowError
from tuiflow.model.ids import RunId
from tuiflow.service import RunInput
from tuiflow.service.filling import (
    Filled,
    FilledFieldError,
    read_as_typed,
    read_input_of,
)
from tuiflow.service.input_values import FieldError
from tuiflow.tui.keymap import key_name
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.copying import copy
from tuiflow.tui.screens.form_part import Edited, Place
from tuiflow.tui.screens.form_rows import FormRows
from tuiflow.tui.screens.help import HelpScreen
from tuiflow.tui.screens.misfits import show_misfits
from tuiflow.tui.screens.more_rows import TITLE, fill_more, read_more
from tuiflow.tui.screens.one_of import OneOf
from tuiflow.tui.screens.start_editing import edit_all, edit_place, fields_of, place_of
from tuiflow.tui.screens.start_foot import StartFoot
from tuiflow.tui.screens.start_keys import START_KEYS
from tuiflow.tui.screens.start_wish import WHOLE_JSON, Source, StartWish
from tuiflow.tui.screens.start_words import command_words, differing_words

if TYPE_CHECKING:
    from tuiflow.tui.app import TuiflowApp

_MOMENT = 0.1  # seconds of no typing before it is said what stands there
_SLOW = 0.3  # seconds of a start that needs a word
_PAUSE = 0.2  # seconds more before the author's model is asked
_FOLDED, _UNFOLDED = "▸", "▾"  # one cell wide in every locale


class StartScreen(ModalScreen[RunId | None]):
    """Gives the id of the run it started; stays up when the start is refused, and says why."""

    CSS_PATH = "start.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual's own attribute
        (0, "-narrowest"),
        (78, "-narrow"),
        (100, "-medium"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-lowest"), (20, "-low"), (28, "-high")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [*START_KEYS]

    def __init__(self, wish: StartWish) -> None:
        super().__init__()
        self._wish = wish
        self._source = wish.sources[0]
        self._is_starting = False
        self._is_looking = False
        self._edits = 0
        self._kept: dict[str, tuple[Filled, ...]] = {}
        self._rows = self._fill(self._source)
        self._more = FormRows(fill_more(self._source.given), wish.service.project)
        self._begun: dict[str, tuple[Filled, ...]] = {}
        self._more_begun: tuple[Filled, ...] = ()
        self._fields = VerticalScroll(can_focus=False, id="fields")
        self._from = OneOf("From", [source.name for source in wish.sources])
        self._foot = StartFoot(wish.verb)

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as box:
            box.border_title = Content(safe_line(self._wish.title))
            edit, keys = key_name(self, "start.edit", "f4"), key_name(self, "start.help", "f1")
            words = f"tab next field   {edit} in $EDITOR   {keys} keys   * needed"
            box.border_subtitle = Content(words)
            yield Static(self._wish.head, id="head")
            if len(self._wish.sources) > 1:
                yield self._from
            with self._fields:
                yield self._rows
                if self._wish.has_more:
                    yield Collapsible(
                        self._more,
                        title=TITLE,
                        collapsed=self._source.given == RunInput(self._source.given.input),
                        collapsed_symbol=_FOLDED,
                        expanded_symbol=_UNFOLDED,
                        id="more",
                    )
            yield self._foot

    def on_mount(self) -> None:
        # Not before: a field of choices knows its own only now.
        self._begun = {self._source.name: self._rows.filled}
        self._more_begun = self._more.filled
        self._focus_first()
        self._say_what_it_is()

    @on(Button.Pressed, "#go")
    def start(self) -> None:
        """Start when every field is right; else go to the first that is not, and say why."""
        self.action_start()

    @on(Button.Pressed, "#copy")
    def copy(self) -> None:
        self.action_copy_command()

    @on(Button.Pressed, "#close")
    def close(self) -> None:
        self.action_close()

    @on(Edited)
    def look_again(self) -> None:
        self._foot.hush()
        self._edits += 1
        if not self._is_looking:
            self._is_looking = True
            self.run_worker(self._look(), exit_on_error=False)

    @on(OneOf.Changed)
    async def begin_elsewhere(self, event: OneOf.Changed) -> None:
        """Put the values of another source into the form; what was typed in this one is kept."""
        wanted = self._wish.sources[event.at]
        self._kept[self._source.name] = self._rows.filled
        await self._put(wanted, self._fill(wanted))
        self._begun.setdefault(wanted.name, self._rows.filled)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Leave `enter` to a field of choices and to a fold, `escape` to a list that is open."""
        focused = self.focused
        is_on_list = isinstance(focused, OptionList)
        is_on_fold = focused is not None and isinstance(focused.parent, Collapsible)
        is_elsewhere = isinstance(focused, Button) and focused is not self._foot.go
        has_enter = is_on_list or is_on_fold or is_elsewhere or isinstance(focused, Select)
        return not {"close": is_on_list, "start": has_enter}.get(action, False)

    def action_close(self) -> None:
        if not self._has_changed():
            self.dismiss(None)
            return
        question = "What was typed in the form will be gone."
        self._app.ask(AskScreen("Close the form?", question, "close it"), self._answered)

    def action_copy_command(self) -> None:
        try:
            command = self._wish.command(self._read())
        except (FieldError, TuiflowError) as error:
            self._complain(error)
            return
        try:
            words = copy(self, self._wish.service, command)
        except OSError as error:
            words = f"sent to the terminal's clipboard, not written to a file: {error.strerror}"
        self._foot.confirm(words)

    def action_start(self) -> None:
        if self._is_starting:
            return
        try:
            given = self._read()
        except (FieldError, TuiflowError) as error:
            self._complain(error)
        else:
            self._is_starting = self._foot.go.disabled = True
            # A second enter would be a second run, and other keys are meant for the page.
            self._app.hold_typing(self._start_with(given))

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen.of(self))

    def action_edit(self) -> None:
        self._edit(place_of(self.focused))

    async def action_edit_all(self) -> None:
        if self._source.form.is_whole:
            self._edit(next(self._rows.places(), None))
            return
        try:
            text = edit_all(self._app, self._source.form, self._rows.filled)
        except TerminalError as error:
            self._foot.complain(str(error))
        else:
            await self._take_back(text)

    @property
    def _app(self) -> "TuiflowApp":
        return cast("TuiflowApp", self.app)

    def _answered(self, yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            self.dismiss(None)

    async def _start_with(self, given: RunInput) -> None:
        slow = self.set_timer(_SLOW, self._foot.say_starting)
        try:
            self.dismiss(await self._wish.start(given))
        except (MediaError, TuiflowError) as error:
            self._complain(error)
        finally:
            slow.stop()
            self._is_starting = self._foot.go.disabled = False

    def _fill(self, source: Source) -> FormRows:
        filled = self._kept.get(source.name) or source.filled()
        if source.form is WHOLE_JSON:
            # What was typed so far goes along.
            so_far = read_as_typed(self._source.form, self._rows.filled)
            filled = source.filled_as_json(so_far)
        return FormRows(filled, self._wish.service.project)

    async def _put(self, source: Source, rows: FormRows) -> None:
        await self._rows.remove()
        self._rows, self._source = rows, source
        await self._fields.mount(rows, before=0)
        self.look_again()

    def _edit(self, place: Place | None) -> None:
        try:
            if place is None or not edit_place(self._app, place):
                self._foot.complain("nothing is written here; f5 opens the whole input")
        except TerminalError as error:
            self._foot.complain(str(error))

    async def _take_back(self, text: str | None) -> None:
        """Put what was edited into the fields; where it is none of theirs, it stays JSON."""
        if text is None:
            return
        source, filled = self._source, fields_of(self._source.form, text)
        if filled is None:
            self._kept[source.name] = self._rows.filled
            source = self._wish.sources[-1]
            filled = [Filled(source.form.fields[0], text)]
        self._from.at = self._wish.sources.index(source)
        await self._put(source, FormRows(filled, self._wish.service.project))
        self._focus_first()

    def _read(self) -> RunInput:
        given = RunInput(read_input_of(self._source.form, self._rows.filled))
        return read_more(self._more.filled, given)

    def _has_changed(self) -> bool:
        now = {**self._kept, self._source.name: self._rows.filled}
        return now != self._begun or self._more.filled != self._more_begun

    def _say_what_it_is(self) -> None:
        differs, command = Content(), Content()
        with suppress(FieldError, TuiflowError):
            given = self._read()
            differs = differing_words(self._source, given.input)
            command = command_words(self._wish.command(given))
        self._foot.describe(differs, command)

    async def _look(self) -> None:
        looked = -1
        try:
            while looked != self._edits and not self._is_starting:
                looked = self._edits
                await sleep(_MOMENT)
                if looked == self._edits:
                    self._say_what_it_is()
                    await sleep(_PAUSE)
                if looked == self._edits:
                    await self._check(looked)
        finally:
            self._is_looking = False

    async def _check(self, edits: int) -> None:
        with suppress(FieldError, TuiflowError):
            misfits = await self._wish.check(self._read().input)
            if edits == self._edits and not self._is_starting:
                homeless = show_misfits(self._rows, self._source.form, misfits)
                if homeless:
                    self._foot.complain(homeless)

    def _focus_first(self) -> None:
        first = next(self._rows.places(), None)
        if first is not None:
            first.focus_field()
        else:
            self.set_focus(self._foot.go)

    def _complain(self, error: Exception) -> None:
        found = self._rows.find(error.path) if isinstance(error, FilledFieldError) else None
        if found is not None and isinstance(error, FilledFieldError):
            place, _ = found
            place.focus_field()
            place.show_problem(error.problem)
        self._foot.complain(str(error))
