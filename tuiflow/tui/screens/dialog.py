"""What every dialog over a page has: help with its own keys."""

from pathlib import Path
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from tuiflow.tui.screens.app_screen import Answer, AppScreen
from tuiflow.tui.screens.help import HelpScreen

QUESTION_STYLES = Path(__file__).with_name("dialog.tcss")
"""What every question looks like, in whatever folder it stands."""


class Dialog(ModalScreen[Answer], AppScreen[Answer]):
    """Stands over a page, and takes all keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "question_mark,f1",
            "help",
            "Help",
            id="dialog.help",
            tooltip="Keys that work here.",
            show=False,
        ),
    ]

    def action_help(self) -> None:
        self.app.push_screen(HelpScreen.of(self))
