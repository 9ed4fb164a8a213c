"""`tuiflow show RUN`: one run as it is now, its steps, and what it gave."""

from collections.abc import Iterator

from tuiflow.cli.arguments import Arguments
from tuiflow.cli.media import media_of_run, print_media, save_media
from tuiflow.cli.outcome import print_outcome
from tuiflow.cli.printing import BOLD, DIM, paint, print_json, print_line, sign
from tuiflow.cli.run_facts import nodes_of, run_facts, value_of
from tuiflow.cli.serving import serve
from tuiflow.model.ids import NodePath
from tuiflow.model.node_state import NodeState
from tuiflow.model.run_state import RunState
from tuiflow.service import RunRecord, Service
from tuiflow.tui.event_words import content_words
from tuiflow.tui.format import ago, duration
from tuiflow.tui.glyphs import KIND_WORDS
from tuiflow.tui.safe_text import safe_line


def execute(arguments: Arguments) -> int:
    """Print a run's facts, its tree and its content."""
    return serve(_show, arguments)


async def _show(service: Service, arguments: Arguments) -> int:
    run = await service.get_run(await service.find_run(arguments.run))
    state = await service.fold(run.run_id).catch_up()
    media = media_of_run(run, state)
    if arguments.save_media is not None:
        return await save_media(service, media, arguments.save_media, as_json=arguments.json)
    if arguments.json:
        facts = run_facts(run) | {
            "input": await value_of(service, run.input),
            "additional_data": run.additional_data,
            "content": await value_of(service, run.content),
            "media": [each.model_dump(mode="json") for each in media],
            "nodes": await nodes_of(service, state),
        }
        print_json(facts)
        return 0
    _print_head(run, service.now())
    for line in _tree_lines(state, service.now()):
        print(line)
    print_media(media)
    await print_outcome(service, run)
    return 0


def _print_head(run: RunRecord, now: int) -> None:
    print_line(paint(safe_line(run.workflow_name), BOLD), paint(f"run {run.run_id}", DIM))
    started = f"started {ago(run.started_at or run.created_at, now)}"
    print_line(started, f"· {safe_line(run.file)}" if run.file else "")
    if given := content_words(run.input):
        print_line(f"input {given}")
    whose = (("session", run.session_id), ("user", run.user_id))
    if known := " · ".join(f"{what} {safe_line(who, 60)}" for what, who in whose if who):
        print_line(paint(known, DIM))
    print_line()


def _tree_lines(state: RunState, now: int) -> Iterator[str]:
    waiting: list[tuple[NodePath, int]] = [(state.root, 0)] if state.root else []
    while waiting:
        path, depth = waiting.pop()
        node = state.nodes[path]
        word = KIND_WORDS[node.kind] if depth else ""
        yield "  " * depth + _node_line(node, word, now)
        waiting.extend((child, depth + 1) for child in reversed(node.children))


def _node_line(node: NodeState, word: str, now: int) -> str:
    took = ""
    if node.started_at is not None:
        took = paint(duration((node.ended_at or now) - node.started_at), DIM)
    why = node.failure.summary if node.failure else (node.decision or node.reason)
    parts = (
        sign(node.status),
        paint(word, DIM),
        safe_line(node.name, 60),
        took,
        paint(safe_line(why, 80), DIM),
    )
    return " ".join(part for part in parts if part)
