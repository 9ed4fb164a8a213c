"""A question with one harmless answer and one other: `y` does it, everything else does not."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.dom import DOMNode
from textual.widgets import Static

from tuiflow.tui.keymap import key_name
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.dialog import QUESTION_STYLES, Dialog

Answer = tuple[str, str, str]
"""The id of a binding, its usual key, and what it does."""


class AskScreen(Dialog[bool]):
    """Asks before something that a single key should not do."""

    CSS_PATH = QUESTION_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the next key is looked at: that one is meant for the page below.
        Binding("y", "answer(True)", "Yes", id="ask.yes", tooltip="Do it.", priority=True),
        Binding(
            "n,escape,enter",
            "answer(False)",
            "No",
            id="ask.no",
            tooltip="Leave it.",
            priority=True,
        ),
    ]

    def __init__(self, title: str, question: str, wish: str) -> None:
        super().__init__()
        self._title = title
        self._question = question
        self._wish = wish

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(safe_line(self._title))
            yield Static(_sentences(self._question), id="question")
            answers = (("ask.yes", "y", self._wish), ("ask.no", "n / esc", "leave it"))
            yield Static(answers_line(self, *answers), classes="answers")

    def ask(self, question: str) -> None:
        """Put another question in the first one's place."""
        self.query_one("#question", Static).update(_sentences(question))

    def action_answer(self, answer: bool) -> None:  # noqa: FBT001 - an action's argument
        self.dismiss(answer)


def _sentences(question: str) -> Content:
    return Content("\n".join(safe_line(line) for line in question.split("\n")))


def answers_line(near: DOMNode, *answers: Answer) -> Content:
    """Write which key gives which answer."""
    parts: list[tuple[str, str] | str] = []
    for binding_id, usual, words in answers:
        parts += [(key_name(near, binding_id, usual), "bold $primary"), f" {words}    "]
    return Content.assemble(*parts)
