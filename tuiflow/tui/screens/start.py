"""The form that starts a run: a field for each thing the workflow asks for."""

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar, cast

from anyio import sleep
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Collapsible, OptionList, Select, Static

from tuiflow.errors import InputError, MediaError, TuiflowError
from tuiflow.model.control import Misfit
from tuiflow.model.ids import RunId
from tuiflow.service import RunInput
from tuiflow.service.filling import Filled, FilledFieldError, read_input_of, read_what_fits
from tuiflow.service.input_values import FieldError
from tuiflow.tui.safe_text import safe_line, safe_text
from tuiflow.tui.screens.ask import AskScreen
from tuiflow.tui.screens.copying import copy
from tuiflow.tui.screens.field_row import FieldRow
from tuiflow.tui.screens.form_rows import FormRows
from tuiflow.tui.screens.more_rows import TITLE, fill_more, read_more
from tuiflow.tui.screens.one_of import OneOf
from tuiflow.tui.screens.start_wish import WHOLE_JSON, Source, StartWish
from tuiflow.tui.screens.start_words import command_words, differing_words
from tuiflow.tui.screens.yes_no import YesNo

if TYPE_CHECKING:
    from tuiflow.tui.app import TuiflowApp

_PAUSE = 0.3  # seconds of no typing before the author's model is asked
_FOLDED, _UNFOLDED = "▸", "▾"  # one cell wide in every locale


class StartScreen(ModalScreen[RunId | None]):
    """Gives the id of the run it started; stays up when the start is refused, and says why."""

    CSS_PATH = "start.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (78, "-medium")]  # noqa: RUF012 - Textual's own
    VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-high")]  # noqa: RUF012 - as above
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "close",
            "Close",
            id="start.close",
            tooltip="Close; nothing starts. Asks when something was typed.",
            priority=True,
        ),
        Binding(
            "enter,ctrl+j",
            "start",
            "Start",
            id="start.start",
            tooltip="Start the run; in a field of choices, open them.",
            show=False,
            priority=True,
        ),
        Binding(
            "ctrl+y",
            "copy_command",
            "Copy as CLI",
            id="start.copy",
            tooltip="Copy the tuiflow command that starts the same run.",
            priority=True,
        ),
    ]

    def __init__(self, wish: StartWish) -> None:
        super().__init__()
        self._wish = wish
        self._source = wish.sources[0]
        self._is_starting = False
        self._edits = 0
        self._kept: dict[str, tuple[Filled, ...]] = {}
        self._rows = self._fill(self._source)
        self._more = FormRows(fill_more(self._source.given), wish.service.project)
        self._begun: dict[str, tuple[Filled, ...]] = {}
        self._more_begun: tuple[Filled, ...] = ()
        self._fields = VerticalScroll(can_focus=False, id="fields")
        self._differs = Static(markup=False, id="differs")
        self._problem = Static(markup=False, id="problem")
        self._command = Static(markup=False, id="command")
        words = Content(f"{wish.verb}  enter")
        self._go = Button(words, variant="primary", compact=True, id="go")

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as box:
            box.border_title = Content(safe_line(self._wish.title))
            box.border_subtitle = "tab next field   ctrl+o new line   * needed"
            yield Static(self._wish.head, id="head")
            if len(self._wish.sources) > 1:
                yield OneOf("From", [source.name for source in self._wish.sources])
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
            with Vertical(id="foot"):
                yield self._differs
                yield self._problem
                with Horizontal(id="buttons"):
                    yield self._go
                    yield Button("Copy as CLI  ctrl+y", compact=True, id="copy")
                    yield Button("Close  esc", compact=True, id="close")
                yield self._command

    def on_mount(self) -> None:
        # Not before: a field of choices knows its own only now.
        self._begun = {self._source.name: self._rows.filled}
        self._more_begun = self._more.filled
        self._problem.display = False
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

    @on(FieldRow.Changed)
    @on(YesNo.Changed)
    def look_again(self) -> None:
        _show(self._problem, Content())
        self._say_what_it_is()
        self._edits += 1
        self.run_worker(self._check(self._edits), exit_on_error=False)

    @on(OneOf.Changed)
    async def begin_elsewhere(self, event: OneOf.Changed) -> None:
        """Put the values of another source into the form; what was typed in this one is kept."""
        wanted = self._wish.sources[event.at]
        self._kept[self._source.name] = self._rows.filled
        rows = self._fill(wanted)
        await self._rows.remove()
        self._rows, self._source = rows, wanted
        await self._fields.mount(rows, before=0)
        self._begun.setdefault(wanted.name, rows.filled)
        self.look_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Leave `enter` to a field of choices and to a fold, `escape` to a list that is open."""
        focused = self.focused
        is_on_list = isinstance(focused, OptionList)
        is_on_fold = focused is not None and isinstance(focused.parent, Collapsible)
        is_elsewhere = isinstance(focused, Button) and focused is not self._go
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
        _show(self._problem, Content.styled(f"✓ {words}", "$success"))

    def action_start(self) -> None:
        if self._is_starting:
            return
        try:
            given = self._read()
        except (FieldError, TuiflowError) as error:
            self._complain(error)
        else:
            self._is_starting = self._go.disabled = True
            # A second enter would be a second run, and other keys are meant for the page.
            self._app.hold_typing(self._start_with(given))

    @property
    def _app(self) -> "TuiflowApp":
        return cast("TuiflowApp", self.app)

    def _answered(self, yes: bool | None) -> None:  # noqa: FBT001 - what a screen gives back
        if yes:
            self.dismiss(None)

    async def _start_with(self, given: RunInput) -> None:
        try:
            self.dismiss(await self._wish.start(given))
        except (MediaError, TuiflowError) as error:
            self._complain(error)
        finally:
            self._is_starting = self._go.disabled = False

    def _fill(self, source: Source) -> FormRows:
        filled = self._kept.get(source.name) or source.filled()
        if source.form is WHOLE_JSON:
            # What was typed so far goes along.
            so_far = read_what_fits(self._source.form, self._rows.filled)
            filled = source.filled_as_json(so_far)
        return FormRows(filled, self._wish.service.project)

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
        _show(self._differs, differs)
        _show(self._command, command)

    async def _check(self, edits: int) -> None:
        await sleep(_PAUSE)
        if edits != self._edits or self._is_starting:
            return
        with suppress(FieldError, TuiflowError):
            misfits = await self._wish.check(self._read().input)
            if edits == self._edits:
                self._show_misfits(misfits)

    def _show_misfits(self, misfits: Sequence[Misfit]) -> None:
        for misfit in misfits:
            row = self._rows.find(misfit.path)
            if row is not None:
                row.show_problem(misfit.message)
            else:
                where = f"{'.'.join(misfit.path)}: " if misfit.path else ""
                self._complain(InputError(where + misfit.message))

    def _focus_first(self) -> None:
        first = next(self._rows.fields(), None)
        if first is not None:
            first.focus_field()
        else:
            self.set_focus(self._go)

    def _complain(self, error: Exception) -> None:
        row = self._rows.find(error.path) if isinstance(error, FilledFieldError) else None
        if row is not None and isinstance(error, FilledFieldError):
            row.focus_field()
            row.show_problem(error.problem)
        text = safe_text(str(error))
        _show(self._problem, Content.assemble(("✗ ", "$error"), (text, "$error")))


def _show(line: Static, text: Content) -> None:
    line.update(text)
    # An empty line has better uses in a low terminal.
    line.display = bool(text.plain)
