"""What stands below the fields of the start form: what differs, what is wrong, what can be done."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from tuiflow.tui.keymap import key_name
from tuiflow.tui.safe_text import safe_text


class StartFoot(Vertical):
    """Always in sight, however long the form is."""

    def __init__(self, verb: str) -> None:
        super().__init__(id="foot")
        self._differs = _Line(id="differs")
        self._problem = _Line(id="problem")
        self._command = _Line(id="command")
        self._verb = verb
        self.go = Button(variant="primary", compact=True, id="go")

    def compose(self) -> ComposeResult:
        self.go.label = self._words(self._verb, "start.start", "enter")
        copy = self._words("Copy as CLI", "start.copy", "ctrl+y")
        close = self._words("Close", "start.close", "esc")
        yield self._differs
        yield self._problem
        with Horizontal(id="buttons"):
            yield self.go
            yield Button(copy, compact=True, id="copy")
            yield Button(close, compact=True, id="close")
        yield self._command

    def _words(self, does: str, binding_id: str, usual: str) -> Content:
        return Content(f"{does}  {key_name(self, binding_id, usual)}")

    def describe(self, differs: Content, command: Content) -> None:
        """Say how the values differ from a run's, and the command that does the same."""
        self._differs.show(differs)
        self._command.show(command)

    def complain(self, problem: str) -> None:
        """Say what is wrong."""
        self._problem.show(Content.styled(f"✗ {safe_text(problem)}", "$error"))

    def say_starting(self) -> None:
        """Say what a start that is not at once waits for."""
        self._problem.show(Content("… starting: a process imports its code"))

    def confirm(self, words: str) -> None:
        """Say what was done."""
        self._problem.show(Content.styled(f"✓ {words}", "$success"))

    def hush(self) -> None:
        """Forget what was wrong, or done."""
        self._problem.show(Content())


class _Line(Static):
    """Takes no room while it has nothing to say: a low terminal has better uses for it."""

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own word
        super().__init__(markup=False, id=id)
        self._said = Content()
        self.display = False

    def show(self, said: Content) -> None:
        if not said.is_same(self._said):
            self._said = said
            self.display = bool(said.plain)
            height = self.styles.height
            self.update(said, layout=height is None or height.is_auto)
