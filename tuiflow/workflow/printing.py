"""Prints a run while it goes on: a live tree on a terminal, a line for each step elsewhere."""

import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from tuiflow.errors import StepFailedError
from tuiflow.model import events as ev
from tuiflow.model.event_status import status_after
from tuiflow.model.ids import NodePath, RunId, display_path
from tuiflow.model.run_state import RunState
from tuiflow.model.safe_text import safe_text
from tuiflow.model.status import Status
from tuiflow.model.words import duration, glyph
from tuiflow.workflow.printed_parts import draw_content, draw_end, draw_failure, draw_media
from tuiflow.workflow.printed_tree import STYLES, draw_tree, one_line
from tuiflow.workflow.run_output import WorkflowRunOutput
from tuiflow.workflow.streaming import AsyncEventStream, EventStream

FRAMES = 10  # a second
MOST_LIVE, MOST_IN_THE_END = 12, 200  # children of one node
STREAMED_LINES = 6


def print_run(events: EventStream, printer: "Printer") -> None:
    """Print a run to its end; raises what the run raises, once that is printed too."""
    with printer:
        for event in events:
            printer.add(event)
    printer.finish(events.run_id, events.output)


async def print_run_async(events: AsyncEventStream, printer: "Printer") -> None:
    """Do as `print_run` in this loop."""
    with printer:
        async for event in events:
            printer.add(event)
    printer.finish(events.run_id, events.output)


class Printer:
    """Shows one run on a console; nothing of it reaches the terminal unclean."""

    def __init__(self, console: Console | None, *, markdown: bool, stream: bool) -> None:
        self._console = console or Console()
        self._markdown = markdown
        self._streams = stream
        self._state = RunState()
        self._new: list[ev.Event] = []
        self._lock = threading.Lock()
        self._streamed = ""
        self._lines = StepLines() if not self._console.is_terminal else None
        self._live = Live(
            get_renderable=self._draw,
            console=self._console,
            refresh_per_second=FRAMES,
            transient=True,
        )

    def __enter__(self) -> Self:
        if self._lines is None:
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()
        if isinstance(error, StepFailedError | KeyboardInterrupt):
            self.finish(self.state.run.run_id or RunId(""), None)

    @property
    def state(self) -> RunState:
        """The run as far as it was read."""
        with self._lock:
            new, self._new = self._new, []
            if new:
                self._state = self._state.after(new)
            return self._state

    def add(self, event: ev.Event) -> None:
        """Take one more event, and show what it says in its turn."""
        if isinstance(event, ev.StepContentEvent):
            if self._streams:
                self._streamed = (self._streamed + event.text)[-4000:]
        else:
            with self._lock:
                self._new.append(event)
        if self._lines is not None:
            for line in self._lines.of(event, with_text=self._streams):
                self._console.print(line)

    def finish(self, run_id: RunId, output: WorkflowRunOutput | None) -> None:
        """Print the whole tree, then what the run gave or why it did not."""
        state = self.state
        if self._lines is None and state.root is not None:
            self._console.print(draw_tree(state, most=MOST_IN_THE_END))
        elif self._lines is not None:
            for line in self._lines.rest():
                self._console.print(line)
        if state.failure is not None:
            self._console.print()
            for part in draw_failure(state.failure):
                self._console.print(part)
        content = draw_content(output, markdown=self._markdown) if output else None
        if content is not None:
            self._console.print()
            self._console.print(content)
        for line in draw_media(state):
            self._console.print(line)
        self._console.print()
        self._console.print(draw_end(state, run_id))

    def _draw(self) -> RenderableType:
        tree = draw_tree(self.state, most=MOST_LIVE)
        if not self._streamed:
            return tree
        lines = safe_text(self._streamed).splitlines()[-STREAMED_LINES:]
        return Group(tree, Text(), *(Text(line, style="dim", no_wrap=True) for line in lines))


class StepLines:
    """A run as lines for a pipe or a log: one for each step that has ended."""

    def __init__(self) -> None:
        self._began: dict[NodePath, int] = {}
        self._text: dict[NodePath, str] = {}

    def of(self, event: ev.Event, *, with_text: bool) -> Iterator[Text]:
        """Give an event's lines: mostly none."""
        match event:
            case ev.StepContentEvent() if with_text:
                yield from self._take_text(event)
            case ev.WorkflowStartedEvent() if event.nested_run_id is None:
                yield Text(one_line(event.workflow_name), style="bold")
            case ev.StepStartedEvent():
                self._began[event.node_path] = event.at
            case ev.StepRetryingEvent():
                yield self._line(event, Status.RUNNING, f"{event.failure.summary}, again")
            case ev.StepErrorEvent():
                yield self._line(event, Status.ERROR, event.failure.summary)
            case ev.StepCompletedEvent() | ev.StepCancelledEvent() | ev.StepReusedEvent():
                yield from self._open_text(event.node_path)
                yield self._line(event, status_after(event) or Status.COMPLETED)
            case _:
                pass

    def rest(self) -> Iterator[Text]:
        """Give what was streamed and had no end of line."""
        for path in list(self._text):
            yield from self._open_text(path)

    def _line(self, event: ev.RunEvent, status: Status, note: str = "") -> Text:
        line = Text(f"  {glyph(status)} ", style=STYLES[status])
        line.append(_place(event.node_path), "" if status is not Status.ERROR else "bold red")
        began = self._began.get(event.node_path)
        for said in (duration(event.at - began) if began is not None else "", one_line(note)):
            if said:
                line.append(f"  {said}", "dim")
        return line

    def _take_text(self, event: ev.StepContentEvent) -> Iterator[Text]:
        *lines, rest = (self._text.get(event.node_path, "") + event.text).split("\n")
        self._text[event.node_path] = rest
        yield from (self._text_line(event.node_path, line) for line in lines)

    def _open_text(self, path: NodePath) -> Iterator[Text]:
        if rest := self._text.pop(path, ""):
            yield self._text_line(path, rest)

    def _text_line(self, path: NodePath, text: str) -> Text:
        line = Text(f"  {_place(path)} │ ", style="dim")
        return line.append(one_line(text), "")


def _place(path: NodePath) -> str:
    _, slash, inside = path.partition("/")
    return one_line(display_path(NodePath(inside) if slash else path))
