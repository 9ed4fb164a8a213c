"""The form that starts a run: a field for each thing the workflow asks for."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from pydantic import JsonValue
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Collapsible, Input, OptionList, Select, Static

from tuiflow.errors import MediaError, TuiflowError
from tuiflow.model.ids import RunId
from tuiflow.model.media import MEDIA_FIELDS, Medium
from tuiflow.service import WorkflowEntry, typed_media
from tuiflow.service.input_fields import FieldKind, FormField, form_fields
from tuiflow.service.input_values import FieldError, read_form, read_message
from tuiflow.tui.safe_text import safe_line, safe_text
from tuiflow.tui.screens.field_row import FieldRow
from tuiflow.tui.theme import MUTED

if TYPE_CHECKING:
    from tuiflow.tui.app import TuiflowApp

Starter = Callable[[JsonValue, Sequence[Medium]], Awaitable[RunId]]
_MESSAGE = FormField(
    name="message",
    kind=FieldKind.TEXT,
    hint="text or JSON",
    description="What the workflow is given; empty for nothing.",
    is_required=False,
)


_HOW = "Separated by commas; a URL is a reference, never fetched."
_FOLDED, _UNFOLDED = "▸", "▾"  # one cell wide in every locale
_MORE = "More: images, videos, audio, files"
_MEDIA = tuple(
    FormField(
        name=name,
        kind=FieldKind.LIST,
        hint="paths or URLs",
        description=_HOW if name == "images" else "",
        is_required=False,
    )
    for name in MEDIA_FIELDS
)


class StartScreen(ModalScreen[RunId | None]):
    """Gives the id of the run it started; stays up when the start is refused, and says why."""

    CSS_PATH = "start.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "close",
            "Close",
            id="start.close",
            tooltip="Close; nothing starts.",
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
    ]

    def __init__(self, entry: WorkflowEntry, starter: Starter) -> None:
        super().__init__()
        self._entry = entry
        self._starter = starter
        schema = entry.outline.input_schema
        self._takes_message = schema is None
        self._is_starting = False
        fields = (_MESSAGE,) if schema is None else form_fields(schema)
        self._rows = [FieldRow(field) for field in fields]
        self._more = [FieldRow(field) for field in _MEDIA]
        self._problem = Static(markup=False, id="problem")
        self._button = Button("Start", variant="primary", compact=True, id="go")

    def compose(self) -> ComposeResult:
        with Vertical(id="form") as box:
            box.border_title = "Start a run"
            box.border_subtitle = "tab next field   enter starts   esc closes"
            yield Static(_head(self._entry), id="head")
            with VerticalScroll(can_focus=False, id="fields"):
                yield from self._rows
                yield Collapsible(
                    *self._more,
                    title=_MORE,
                    collapsed_symbol=_FOLDED,
                    expanded_symbol=_UNFOLDED,
                    id="more",
                )
            yield self._problem
            with Horizontal(id="buttons"):
                yield self._button
                yield Static(Content.styled("nothing starts until then", MUTED), id="hint")

    def on_mount(self) -> None:
        if self._rows:
            self._rows[0].focus_field()
        else:
            self.set_focus(self._button)

    @on(FieldRow.Submitted)
    @on(Button.Pressed)
    def start(self) -> None:
        """Start when every field is right; else go to the first that is not, and say why."""
        self.action_start()

    @on(Input.Changed)
    def forget_problem(self) -> None:
        self._problem.update("")

    def action_close(self) -> None:
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool:
        """Leave `enter` to a field of choices and to a fold, `escape` to a list that is open."""
        is_on_list = isinstance(self.focused, OptionList)
        is_on_fold = self.focused is not None and isinstance(self.focused.parent, Collapsible)
        has_enter = is_on_list or is_on_fold or isinstance(self.focused, Select)
        return not {"close": is_on_list, "start": has_enter}.get(action, False)

    def action_start(self) -> None:
        if self._is_starting:
            return
        try:
            value, media = self._read(), self._read_media()
        except (FieldError, MediaError) as error:
            self._complain(str(error))
        else:
            self._is_starting = self._button.disabled = True
            # A second enter would be a second run, and other keys are meant for the page.
            cast("TuiflowApp", self.app).hold_typing(self._start_with(value, media))

    async def _start_with(self, value: JsonValue, media: Sequence[Medium]) -> None:
        try:
            self.dismiss(await self._starter(value, media))
        except TuiflowError as error:
            self._complain(str(error))
        finally:
            self._is_starting = self._button.disabled = False

    def _read(self) -> JsonValue:
        typed = {row.form_field.name: row.typed for row in self._rows}
        if self._takes_message:
            return read_message(typed[_MESSAGE.name])
        for row in self._rows:
            if problem := row.problem(is_final=True):
                row.focus_field()
                row.show_problem(problem)
                raise FieldError(f"{row.form_field.name}: {problem}")
        return dict(read_form([row.form_field for row in self._rows], typed))

    def _read_media(self) -> list[Medium]:
        typed = {row.form_field.name: row.typed for row in self._more}
        lists = read_form(_MEDIA, typed)
        return typed_media({name: cast("list[str]", some) for name, some in lists.items()})

    def _complain(self, text: str) -> None:
        self._problem.update(Content.assemble(("✗ ", "$error"), (safe_text(text), "$error")))


def _head(entry: WorkflowEntry) -> Content:
    outline = entry.outline
    head = Content.assemble(
        (safe_line(outline.name, 60), "bold"), (f"   rev {entry.report.revision[:4]}", MUTED)
    )
    if entry.failure is not None:
        broken = "its file is broken now: this is the last good revision"
        head = Content.assemble(head, (f"   {broken}", "$warning"))
    described = safe_text(outline.description.strip())
    return Content.assemble(head, "\n", described) if described else head
