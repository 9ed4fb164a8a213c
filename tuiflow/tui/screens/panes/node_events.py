"""Which events a row of the tree stands for."""

from tuiflow.model.ids import RunId
from tuiflow.service import EventQuery, Service
from tuiflow.tui.screens.watch import Watch
from tuiflow.tui.spot import Spot


def node_events(watch: Watch, spot: Spot, kinds: frozenset[str] | None = None) -> EventQuery:
    """Ask for those of a node and what stands below it; of one of its tries, for those of then."""
    since, until = _times(watch, spot)
    return EventQuery(
        run_id=watch.run_id,
        node_path=None if spot.path == watch.state.root else spot.path,
        kinds=kinds,
        since=since,
        until=until,
    )


async def newest_id(service: Service, run_id: RunId | None) -> int:
    """Find the last event of a run, hidden ones too; 0 where there is none."""
    return (await newest_place(service, run_id))[0]


async def newest_place(service: Service, run_id: RunId | None) -> tuple[int, int]:
    """Find the same, with its seq."""
    query = EventQuery(run_id=run_id, newest_first=True, with_hidden=True, limit=1)
    return next(((event.id, event.seq) for event in await service.events(query)), (0, 0))


def _times(watch: Watch, spot: Spot) -> tuple[int | None, int | None]:
    """Find when a try began, and when the next one did: nothing of a node runs beside it."""
    node = watch.state.nodes.get(spot.path)
    if node is None or not spot.attempt:
        return None, None
    later = [each.started_at for each in node.attempts if each.number >= spot.attempt]
    return (later[0], later[1]) if len(later) > 1 else (None, None)
