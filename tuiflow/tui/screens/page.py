"""What every page over the service has: news at each beat of the clock, and one notice line."""

from collections.abc import Awaitable, Coroutine
from typing import TypeVar

from textual.actions import SkipAction

from tuiflow.errors import TuiflowError
from tuiflow.service import Service
from tuiflow.tui.notices import Tone
from tuiflow.tui.screens.command_line import CommandScreen, Said
from tuiflow.tui.screens.copying import copy
from tuiflow.tui.screens.frame import Frame
from tuiflow.tui.screens.help import HelpScreen

T = TypeVar("T")


class Page(Frame):
    """A full page over the service; `pull` is called at every beat of the clock."""

    def __init__(self, service: Service, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self.service = service

    def say(self, text: str, tone: Tone = "done") -> None:
        """Put one line on the notice line."""
        self.tuiflow.say(text, tone)

    async def attempt(self, doing: Awaitable[T]) -> T | None:
        """Do something that may be refused; a refusal is a notice and None."""
        try:
            return await doing
        except TuiflowError as error:
            self.say(str(error), "error")
            return None

    def work(self, doing: Coroutine[object, object, object]) -> None:
        """Do something in the background; it goes on when the page is left."""
        self.app.run_worker(doing, exit_on_error=False)

    def copy_out(self, text: str) -> None:
        """Copy a text and say which way it went."""
        try:
            self.say(copy(self, self.service, text))
        except OSError as error:
            self.say(f"sent to the terminal's clipboard, not written to a file: {error}", "error")

    def action_copy_text(self) -> None:
        """Copy what the mouse has selected, for ctrl+c."""
        if not (text := self.get_selected_text()):
            raise SkipAction
        self.copy_out(text)

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen.of(self))

    def action_command(self) -> None:
        self._take_command(is_palette=False)

    def action_palette(self) -> None:
        self._take_command(is_palette=True)

    def _take_command(self, *, is_palette: bool) -> None:
        def answered(said: Said | None) -> None:
            if said is not None:
                command, words = said
                self.work(self.attempt(command.do(self, words)))

        screen = CommandScreen(self.tuiflow.commands, self, is_palette=is_palette)
        self.tuiflow.ask(screen, answered)

    async def action_reload(self) -> None:  # type: ignore[override]
        self.say("looking at the workflow files again")
        await self.attempt(self.service.refresh())
        self.tuiflow.clock.wake()
