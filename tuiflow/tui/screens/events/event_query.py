"""Turns what a filter line asks for into a query: its run and its step are looked up."""

from collections.abc import Sequence
from itertools import islice

from tuiflow.errors import TuiflowError
from tuiflow.model.ids import NodePath, RunId, path_name
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.events.event_filter import EventFilter


async def query_of(service: Service, wanted: EventFilter) -> tuple[EventQuery, Sequence[str]]:
    """Give the query, and what of the line cannot be done."""
    problems = [*wanted.problems]
    run_id: RunId | None = None
    if wanted.run:
        try:
            run_id = await service.find_run(wanted.run)
        except TuiflowError as error:
            problems.append(str(error))
    path = await _path_of(service, run_id, wanted.steps, problems)
    query = EventQuery(
        run_id=run_id,
        node_path=path,
        steps=() if path else wanted.steps,
        not_steps=wanted.not_steps,
        kinds=wanted.kinds,
        workers=wanted.workers,
        levels=wanted.levels,
        text=wanted.text or None,
        not_texts=wanted.not_texts,
        since=wanted.since,
        until=wanted.until,
        with_hidden=wanted.is_all,
        after_id=await service.event_id_at(wanted.since) if wanted.since else 0,
    )
    return query, problems


async def _path_of(
    service: Service, run_id: RunId | None, steps: Sequence[str], problems: list[str]
) -> NodePath | None:
    # Where the run is known a whole name is one place, which its index finds.
    if run_id is None or len(steps) != 1 or set(steps[0]) & set("*?"):
        return None
    step = steps[0]
    state = await service.fold(run_id).catch_up()
    if NodePath(step) in state.nodes:
        return NodePath(step)
    # Of a long run only those nodes are read that may be it, and no more than two that are.
    maybe = (path for path in state.nodes if step in path_name(path))
    by_name = list(islice((path for path in maybe if state.nodes[path].name == step), 2))
    if not by_name:
        problems.append(f"this run has no step {step!r}")
    return by_name[0] if len(by_name) == 1 else None
