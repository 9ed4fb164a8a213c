"""What stands under the tree when a run is over: its content, or its failure and its place."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.json import JSON
from rich.markdown import Markdown
from rich.text import Text

from tuiflow.engine import StepOutput
from tuiflow.model.failure import Failure
from tuiflow.model.ids import short_id
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.safe_text import safe_text
from tuiflow.model.words import duration, glyph, medium_words
from tuiflow.workflow.printed_tree import STYLES, one_line
from tuiflow.workflow.run_output import WorkflowRunOutput


def draw_content(output: WorkflowRunOutput, *, markdown: bool) -> RenderableType | None:
    """Draw what a run gave: text as Markdown, values as JSON; None where it gave nothing."""
    content = output.content
    last = output.step_results[-1] if output.step_results else None
    if content is None or content == "":
        return None
    if isinstance(content, str) or _is_parallel(last, content):
        text = safe_text(content if isinstance(content, str) else last.text() if last else "")
        # A link's target is shown, not hidden behind its text.
        return Markdown(text, hyperlinks=False) if markdown else Text(text)
    text = safe_text(output.get_content_as_string())
    try:
        return JSON(text)
    except ValueError:
        return Text(text)


def draw_failure(failure: Failure) -> Iterator[RenderableType]:
    """Draw an exception: what it said, where it was raised, and what caused it."""
    said = Text(one_line(failure.type), style="bold red")
    if failure.message:
        said.append(f": {safe_text(failure.message)}", "red")
    yield said
    for frame in failure.frames:
        place = Text(f"  {one_line(frame.file)}:{frame.line}")
        place.append(f" in {one_line(frame.function)}", "dim")
        if frame.source:
            place.append(f"  {one_line(frame.source)}", "dim")
        yield place
    for note in failure.notes:
        yield Text(f"  {safe_text(note)}", style="dim")
    for inside in (failure.cause, *failure.members):
        if inside is not None:
            yield Text("caused by" if inside is failure.cause else "one of them", style="dim")
            yield from draw_failure(inside)


def draw_media(state: RunState) -> Iterator[Text]:
    """Draw a line for each medium the run was given or has made."""
    made = state.media_of(state.root) if state.root else ()
    for medium in dict.fromkeys((*state.run.media, *made)):
        yield Text(one_line(medium_words(medium)), style="dim")


def draw_end(state: RunState, run_id: str) -> Text:
    """Write the line that says how the run ended."""
    run = state.run
    line = Text(f"{glyph(run.status)} {run.status.value}", style=STYLES[run.status])
    if run.started_at is not None and run.ended_at is not None:
        line.append(f"  {duration(run.ended_at - run.started_at)}", "dim")
    line.append(f"  run {short_id(run_id)}", "dim")
    if run.reason:
        line.append(f"  {one_line(run.reason)}", "dim")
    return line


def _is_parallel(last: StepOutput | None, content: object) -> bool:
    return last is not None and last.step_type == NodeKind.PARALLEL and last.content is content
