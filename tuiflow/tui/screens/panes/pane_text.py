"""What the panes say about one node of a run, as lines; reads through the service."""

from collections.abc import Sequence
from pathlib import Path

from textual.content import Content

from tuiflow.model.failure import Failure
from tuiflow.model.ids import NodePath, display_path, parent_path, path_name, with_all_above
from tuiflow.model.node_state import INTERRUPTED, Attempt, NodeState
from tuiflow.model.outline import NodeKind
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.service import ContentText, RunRecord, Service
from tuiflow.tui.format import duration, size
from tuiflow.tui.glyphs import RETRY_GLYPH, glyph
from tuiflow.tui.safe_text import safe_line
from tuiflow.tui.screens.panes.about import short_path
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot
from tuiflow.tui.theme import MUTED, RETRY, status_style
from tuiflow.tui.widgets.content_lines import (
    SourceLines,
    failure_lines,
    json_lines,
    text_lines,
)
from tuiflow.tui.widgets.markdown_lines import markdown_lines

Lines = Sequence[Content]
_MOST_FRAMES = 6  # frames whose source is fetched
_MOST_NAMED = 5  # branches
_READERS = {"text": text_lines, "json": json_lines, "markdown": markdown_lines}


def say(text: str) -> Content:
    """Write a line of our own words."""
    return Content.styled(text, MUTED)


async def input_lines(service: Service, watch: Watch, path: NodePath, media: Lines) -> Lines:
    """Show what the step was given, behind the lines of its media."""
    node = watch.state.nodes[path]
    if watch.run_id is None or (node.started_at is None and path != watch.state.root):
        return _not_yet(watch, node, "Its input stands here once it has started.")
    return [*media, *content_lines(await service.read_input(watch.state, path))]


async def previous_lines(service: Service, watch: Watch, path: NodePath) -> Lines:
    """Show what the step before gave, and which one that was."""
    node = watch.state.nodes[path]
    if watch.run_id is None or node.started_at is None:
        return _not_yet(watch, node, "What the step before it gave will stand here.")
    before, content = await service.read_previous(watch.state, path)
    if before is None and not _has_begun_a_step(watch.state, node):
        return [say("None of its steps has started.")]
    if before is None:
        return [say("Nothing ran before it: it was given the run's input.")]
    head = [_node_head(watch.state.nodes.get(before), before), *_flows_into(watch.state, path)]
    if content is None:
        return [*head, Content(), say("It gave nothing.")]
    return [*head, Content(), *content_lines(content)]


def _flows_into(state: RunState, path: NodePath) -> Lines:
    """Name the branches that are given the same: those of the outermost Parallel begun here."""
    given: Sequence[NodePath] = ()
    here: NodePath | None = path
    while here is not None and here in state.nodes:
        if state.nodes[here].kind is NodeKind.PARALLEL:
            given = state.nodes[here].children
        above = parent_path(here)
        parent = state.nodes.get(above) if above is not None else None
        is_first = parent is not None and here == parent.children[0]
        here = above if is_first or (parent and parent.kind is NodeKind.PARALLEL) else None
    names = [safe_line(path_name(branch), 40) for branch in given[:_MOST_NAMED]]
    if (more := len(given) - _MOST_NAMED) > 0:
        names.append(f"{more} more")
    return [say(f"flows into: {', '.join(names)}")] if len(names) > 1 else []


async def output_lines(service: Service, watch: Watch, spot: Spot, media: Lines) -> Lines:
    """Show what the step gave, behind the lines of its media."""
    node = spot.node(watch.state.nodes)
    gave_something = watch.run_id is not None and not spot.attempt
    content = await service.read_output(watch.state, spot.path) if gave_something else None
    if content is not None or media:
        return [*media, *(content_lines(content) if content is not None else [])]
    if node.status is Status.RUNNING:
        return [say("Still running: its output stands here when it is done.")]
    if node.status in {Status.ERROR, Status.CRASHED, Status.CANCELLED, Status.SKIPPED}:
        why = node.failure.summary if spot.attempt and node.failure else node.reason
        return [say(f"It gave nothing: {safe_line(why or node.status.value)}.")]
    if node.status is Status.COMPLETED:
        return [say("It gave nothing of its own.")]
    return _not_yet(watch, node, "Its output will stand here.")


async def error_lines(service: Service, watch: Watch, spot: Spot) -> Lines:
    """Show why the node failed, with the source its run was made from."""
    path, node = spot.path, spot.node(watch.state.nodes)
    failure = node.failure
    if failure is None and path == watch.state.root:
        failure = watch.state.failure
    head = [_node_head(node, path, names_try=spot.attempt > 0), Content()]
    if failure is not None:
        changed = await _changed_since(service, watch.record, failure)
        failed = await _failure(service, watch.record, failure)
        return [*head, *failed, *_earlier_tries(node), *changed]
    below = failed_below(watch.state, path)
    if below:
        listed = [
            Content.assemble("  ", ("✗ ", "$error"), safe_line(display_path(found.path)))
            for found in below[:20]
        ]
        return [*head, say("Failed below it:"), *listed, Content(), say("! goes to the next one.")]
    root = watch.state.root
    if node.status is Status.CRASHED and root is not None and path != root:
        why = safe_line(watch.state.nodes[root].reason)
        return [*head, Content(f"The process ended while this ran: {why}")]
    if node.reason:
        return [*head, Content(safe_line(node.reason))]
    return [*head, say("Nothing failed here.")]


def no_logs(watch: Watch, spot: Spot) -> str:
    """Say why there are no logged lines of a node."""
    node = spot.node(watch.state.nodes)
    if node.started_at is None:
        lines = _not_yet(watch, node, "What it logs will stand here.")
        return " ".join(line.plain for line in lines)
    if node.status.is_final or watch.status.is_final:
        return "It logged nothing."
    return "Nothing was logged here yet."


def content_lines(content: ContentText) -> Lines:
    """Show stored content, what class it is of, and how big the rest is."""
    facts = [safe_line(content.type, 60)] if content.type else []
    if not content.is_restorable:
        facts.append("has no stored form, a resumed run makes it again")
    elif not content.is_whole:
        facts.append(f"{size(content.size)} · showing {size(content.shown)} · v opens all")
    lines = list(_READERS[content.language](content.text))
    return [*lines, Content(), say(" · ".join(facts))] if facts else lines


def failed_below(state: RunState, path: NodePath) -> list[NodeState]:
    """List the failed leaves under a node."""
    found: list[NodeState] = []
    failed_inside = with_all_above(state.failed)
    waiting = [path]
    while waiting:
        node = state.nodes[waiting.pop()]
        if node.status is Status.ERROR and node.failure is not None and node.path != path:
            found.append(node)
        waiting += [child for child in reversed(node.children) if child in failed_inside]
    return found


async def _failure(service: Service, record: RunRecord | None, failure: Failure) -> Lines:
    source: dict[tuple[str, int], Sequence[tuple[int, str]]] = {}
    if record is not None:
        for frame in failure.authors_frames[:_MOST_FRAMES]:
            source[frame.file, frame.line] = await service.source_lines(
                record, frame.file, frame.line
            )
    known: SourceLines = {place: lines for place, lines in source.items() if lines}
    return failure_lines(failure, source=known, folder=str(service.project))


async def _changed_since(
    service: Service, record: RunRecord | None, failure: Failure
) -> list[Content]:
    """Say which of the failure's files are no longer what ran."""
    if record is None:
        return []
    files = dict.fromkeys(frame.file for frame in failure.authors_frames[:_MOST_FRAMES])
    changed = [name for name in files if await service.source_changed(record, name)]
    words = "has changed since this run started; the source above is what ran."
    names = [safe_line(short_path(Path(name), service.project), 200) for name in changed]
    return (
        [Content(), *[Content.styled(f"{name} {words}", "$warning") for name in names]]
        if names
        else []
    )


def _earlier_tries(node: NodeState) -> Lines:
    tries = [_try_line(node, each) for each in node.attempts[:-1]]
    return [Content(), say("Before that"), *tries] if tries else []


def _try_line(node: NodeState, attempt: Attempt) -> Content:
    took = duration((attempt.ended_at or attempt.started_at) - attempt.started_at)
    return Content.assemble(
        (f"  {RETRY_GLYPH} ", RETRY),
        (node.name_try(attempt.number), MUTED),
        (f"  {took}  ", MUTED),
        safe_line(attempt.failure.summary if attempt.failure else INTERRUPTED),
    )


def _node_head(node: NodeState | None, path: NodePath, *, names_try: bool = False) -> Content:
    name = safe_line(path_name(path), 60)
    if node is None:
        return Content.styled(name, "bold")
    parts = [(f"{glyph(node.status)} ", status_style(node.status)), (name, "bold")]
    if node.started_at is not None and node.ended_at is not None:
        parts.append((f"  {duration(node.ended_at - node.started_at)}", MUTED))
    number = max((each.number for each in node.attempts), default=0)
    if names_try or number > 1:
        parts.append((f"  {node.name_try(number)}", MUTED))
    return Content.assemble(*parts)


def _has_begun_a_step(state: RunState, node: NodeState) -> bool:
    if node.kind is NodeKind.STEP:
        return node.started_at is not None
    return any(_has_begun_a_step(state, state.nodes[child]) for child in node.children)


def _not_yet(watch: Watch, node: NodeState, text: str) -> Lines:
    if watch.run_id is None:
        return [say(f"Not started. {text}")]
    if node.status is Status.SKIPPED:
        return [say(f"Skipped: {safe_line(node.reason) or 'it was not needed'}.")]
    if watch.status.is_final:
        return [say("It never started.")]
    before = waits_for(watch.state, node.path)
    if before is None:
        return [say(f"Not started yet. {text}")]
    return [say(f"Not started yet: it waits for {safe_line(before.name, 60)}."), say(text)]


_IN_ORDER = {NodeKind.WORKFLOW, NodeKind.STEPS, NodeKind.ITERATION, NodeKind.CONDITION}


def waits_for(state: RunState, path: NodePath) -> NodeState | None:
    """Find what has to end before a pending node begins, where that is known."""
    above = parent_path(path)
    while above is not None and above in state.nodes:
        if state.nodes[above].kind in _IN_ORDER:
            siblings = state.nodes[above].children
            before = [state.nodes[one] for one in siblings[: siblings.index(path)]]
            ahead = [one for one in before if not one.status.is_final]
            if ahead and state.nodes[path].kind is not NodeKind.ELSE:
                return ahead[-1]
        path, above = above, parent_path(above)
    return None
