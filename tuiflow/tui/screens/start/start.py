"""The form that starts a run: a field for each thing the workflow asks for."""

from contextlib import suppress
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Button, Collapsible, OptionList, Static

from tuiflow.errors import MediaError, TerminalError, TuiflowError
from tuiflow.model.ids import RunId
from tuiflow.service import RunInput
from tuiflow.service.filling import FilledFieldError
from tuiflow.service.input_values import FieldError
from tuiflow.tui.keymap import key_name
from tuiflow.tui.lull import Lull
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.copying import copy
from tuiflow.tui.screens.dialog import Dialog
from tuiflow.tui.screens.start.form_part import Edited, Place
from tuiflow.tui.screens.start.one_of import OneOf
from tuiflow.tui.screens.start.start_editing import edit_all, edit_place, place_of
from tuiflow.tui.screens.start.start_fields import StartFields
from tuiflow.tui.screens.start.start_foot import StartFoot
from tuiflow.tui.screens.start.start_keys import START_KEYS
from tuiflow.tui.screens.start.start_wish import StartWish
from tuiflow.tui.screens.start.start_words import command_words, differing_words

_WIDTHS = [(0, "-narrowest"), (78, "-narrow"), (100, "-medium")]
_HEIGHTS = [(0, "-lowest"), (20, "-low"), (28, "-high")]
_MOMENT = 0.1  # seconds of no typing before it is said what stands there
_PAUSE = 0.3  # seconds before the author's model is asked
_SLOW = 0.3  # seconds of a start that needs a word


class StartScreen(Dialog[RunId | None]):
    """Gives the id of the run it started; stays up when the start is refused, and says why."""

    CSS_PATH = "start.tcss"
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [*START_KEYS]

    def __init__(self, wish: StartWish) -> None:
        super().__init__()
        self._wish = wish
        self._head = Static(wish.head, id="head")
        self._from = OneOf("From", [source.name for source in wish.sources])
        self._fields = StartFields(wish)
        self._foot = StartFoot(wish.verb)
        self._is_starting = False
        self._saying = Lull(self, _MOMENT, self._say_what_it_is)
        self._judging = Lull(self, _PAUSE, self._judge)

    def compose(self) -> ComposeResult:
        self._take_size()
        with Vertical(id="form") as box:
            box.border_title = Content(safe_line(self._wish.title))
            edit, keys = key_name(self, "start.edit", "f4"), key_name(self, "dialog.help", "f1")
            words = f"tab next field   {edit} in $EDITOR   {keys} keys   * needed"
            box.border_subtitle = Content(words)
            yield self._head
            yield self._from
            yield self._fields
            yield self._foot

    async def on_mount(self) -> None:
        self._from.display = len(self._wish.sources) > 1
        self._focus_first()
        await self._say_what_it_is()

    async def pull(self, *, has_news: bool) -> bool:
        """Show what newer code asks for: it is the one that is started."""
        entry = self._wish.newer
        if entry is not None and not self._is_starting:
            self._wish = replace(self._wish, entry=entry)
            wish = await self._wish.renew(entry)
            if self.is_attached:  # else it has been closed meanwhile
                # What is typed from now on is for the field that will stand where one is.
                self.tuiflow.hold_typing(self._renew(wish))
        return has_news

    async def _renew(self, wish: StartWish) -> None:
        self._wish = wish
        self._head.update(wish.head)
        await self._fields.renew(wish.sources)
        self._from.names = [source.name for source in wish.sources]
        self._from.at = wish.sources.index(self._fields.source)
        self._from.display = len(wish.sources) > 1
        self.look_again()

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
        self._saying.note_change()
        self._judging.note_change()

    @on(OneOf.Changed)
    async def begin_elsewhere(self, event: OneOf.Changed) -> None:
        """Put the values of another source into the form."""
        await self._fields.turn_to(event.at)
        self.look_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Leave `enter` to a fold, and that and `escape` to a list that is open."""
        focused = self.focused
        is_on_list = isinstance(focused, OptionList)
        is_on_fold = focused is not None and isinstance(focused.parent, Collapsible)
        is_elsewhere = isinstance(focused, Button) and focused is not self._foot.go
        has_enter = is_on_list or is_on_fold or is_elsewhere
        return not {"close": is_on_list, "start": has_enter}.get(action, False)

    def action_close(self) -> None:
        if self._is_starting:
            return  # it closes by itself, and shows the run
        if not self._fields.has_changed:
            self.dismiss(None)
            return
        question = "What was typed in the form will be gone."
        self.tuiflow.ask(AskScreen("Close the form?", question, "close it"), self._answered)

    def action_copy_command(self) -> None:
        try:
            command = self._wish.command(self._fields.read())
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
            given = self._fields.read()
        except (FieldError, TuiflowError) as error:
            self._complain(error)
        else:
            self._is_starting = self._foot.go.disabled = True
            # A second enter would be a second run, and other keys are meant for the page.
            self.tuiflow.hold_typing(self._start_with(given))

    def action_edit(self) -> None:
        self._edit(place_of(self.focused))

    async def action_edit_all(self) -> None:
        if self._fields.source.form.is_whole:
            self._edit(next(self._fields.places(), None))
            return
        try:
            text = edit_all(self.tuiflow, self._fields.as_typed)
        except TerminalError as error:
            self._foot.complain(str(error))
            return
        if text is not None:
            self._from.at = await self._fields.put(text)
            self.look_again()
            self._focus_first()

    def _take_size(self) -> None:
        # Else Textual does at the first resize, and styles all that stands there by then anew.
        width, height = self.app.size
        for length, classes in ((width, _WIDTHS), (height, _HEIGHTS)):
            self.add_class(max(each for each in classes if each[0] <= length)[1])

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

    def _edit(self, place: Place | None) -> None:
        try:
            if place is None or not edit_place(self.tuiflow, place):
                self._foot.complain("nothing is written here; f5 opens the whole input")
        except TerminalError as error:
            self._foot.complain(str(error))

    async def _say_what_it_is(self) -> None:
        differs, command = Content(), Content()
        with suppress(FieldError, TuiflowError):
            given = self._fields.read()
            differs = differing_words(self._fields.source, given.input)
            command = command_words(self._wish.command(given))
        self._foot.describe(differs, command)

    async def _judge(self) -> None:
        changes = self._judging.changes
        with suppress(FieldError, TuiflowError):
            misfits = await self._wish.check(self._fields.read().input)
            if changes == self._judging.changes and not self._is_starting:
                homeless = self._fields.show_misfits(misfits)
                if homeless:
                    self._foot.complain(homeless)

    def _focus_first(self) -> None:
        first = next(self._fields.places(), None)
        if first is not None:
            first.focus_field()
        else:
            self.set_focus(self._foot.go)

    def _complain(self, error: Exception) -> None:
        if isinstance(error, FilledFieldError) and (place := self._fields.find(error.path)):
            place.focus_field()
            place.show_problem(error.problem)
        self._foot.complain(str(error))
