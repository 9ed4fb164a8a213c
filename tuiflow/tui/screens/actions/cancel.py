"""The question before a run is cancelled; it watches the run while it waits for the answer."""

import re
from collections.abc import Sequence
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tuiflow.model.ids import RunId, short_id
from tuiflow.model.node_state import NodeState
from tuiflow.model.outline import CANCEL_GRACE
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.service import Service
from tuiflow.tui.format import duration
from tuiflow.tui.glyphs import glyph
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.ask import Answer, answers_line
from tuiflow.tui.screens.dialog import QUESTION_STYLES, Dialog
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.theme import MUTED, status_style

Wish = Literal["cancel", "kill"]
_TURN = re.compile(r"\[(\d+)\]")  # of a loop, as a path has it
_NAMED = 3  # running steps named
_KEEP = ("cancel.keep", "n / esc", "keep running")
_ANSWERS: dict[Wish, Sequence[Answer]] = {
    "cancel": (
        ("cancel.yes", "y", "cancel"),
        ("cancel.kill", "X", "kill now"),
        _KEEP,
    ),
    "kill": (("cancel.yes", "y", "kill now"), _KEEP),
}
_KEPT = "Finished steps keep their output; R goes on from there."
_WILL: dict[Wish, str] = {
    "cancel": "will be asked to stop",
    "kill": "will be ended at once, without cleaning up",
}


class CancelScreen(Dialog[Wish | None]):
    """Asks for one run, fixed when the key was pressed; closes by itself when that run ends."""

    CSS_PATH = QUESTION_STYLES
    BINDINGS: ClassVar[list[BindingType]] = [
        # Before the next key is looked at: that one is meant for the page below.
        Binding(
            "y",
            "agree",
            "Yes",
            id="cancel.yes",
            tooltip="Do what the question says.",
            priority=True,
        ),
        Binding(
            "X", "kill", "Kill", id="cancel.kill", tooltip="End its processes now.", priority=True
        ),
        Binding(
            "n,escape,enter",
            "keep",
            "Keep running",
            id="cancel.keep",
            tooltip="Let it run on.",
            priority=True,
        ),
    ]

    def __init__(
        self, service: Service, run_id: RunId, watch: Watch, wish: Wish = "cancel"
    ) -> None:
        super().__init__()
        self._service = service
        self._run_id = run_id
        self._watch = watch
        # Asked in its first moment, a run's row may not have been read yet.
        self._grace = watch.record.cancel_grace if watch.record else CANCEL_GRACE
        self._wish: Wish = wish
        self._text = Static(markup=False)
        self._said = Content()

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog") as box:
            box.border_title = Content(f"{self._wish.title()} run {short_id(self._run_id)}?")
            yield self._text
            yield Static(answers_line(self, *_ANSWERS[self._wish]), classes="answers")

    def on_mount(self) -> None:
        self._say()

    async def pull(self, *, has_news: bool) -> bool:
        """Close when the run has ended while the question stood there; else keep it true."""
        # A page has read what it watches itself by now; a run that was only named is read here.
        if has_news:
            await self._watch.pull(self._service)
        if self.is_active and not self._watch.is_active:
            self._close()
        self._say()
        return False

    def _say(self) -> None:
        question = self._question()
        if not question.is_same(self._said):
            self._said = question
            self._text.update(question)

    def _question(self) -> Content:
        state = self._watch.state
        running = _running_steps(state)
        text = f"{_names(running)} {_WILL[self._wish]}"
        if self._wish == "cancel":
            do = "they do" if len(running) > 1 else "it does"
            text += f", and killed if {do} not within {self._grace:g} s"
        head = _head(self._run_id, state, len(running), self._service.now())
        return Content("\n").join([head, Content(f"{text}."), Content(_KEPT)])

    def action_agree(self) -> None:
        self.dismiss(self._wish)

    def action_kill(self) -> None:
        # The key that asks never answers: whoever pressed X twice has not said yes.
        if self._wish == "cancel":
            self.dismiss("kill")

    def action_keep(self) -> None:
        self.dismiss(None)

    def _close(self) -> None:
        sign = glyph(self._watch.status)
        self.tuiflow.say(f"run {short_id(self._run_id)} has ended meanwhile {sign}")
        self.dismiss(None)


def _head(run_id: RunId, state: RunState, running: int, now: int) -> Content:
    root = state.nodes.get(state.root) if state.root else None
    return Content.assemble(
        (safe_line(root.name, 40) if root else "run", "bold"),
        (f"#{short_id(run_id)}", MUTED),
        ("   running ", status_style(Status.RUNNING)),
        duration(now - (state.run.started_at or now)),
        f"   {running} step{'' if running == 1 else 's'} in progress",
    )


def _names(running: Sequence[NodeState]) -> str:
    if not running:
        return "It"
    named = [_name(node) for node in running[:_NAMED]]
    if len(running) > _NAMED:
        named.append(f"{len(running) - _NAMED} more")
    return " and ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _name(node: NodeState) -> str:
    turns = _TURN.findall(node.path)
    turn = f"[{turns[-1]}] " if turns else ""
    tries = f" (try {len(node.attempts)}/{node.max_attempts})" if len(node.attempts) > 1 else ""
    return f"{turn}{safe_line(node.name, 30)}{tries}"


def _running_steps(state: RunState) -> Sequence[NodeState]:
    return [
        node
        for node in state.nodes.values()
        if node.status is Status.RUNNING and not node.children and node.path != state.root
    ]
