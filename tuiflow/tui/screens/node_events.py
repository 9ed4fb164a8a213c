"""Which events a row of the tree stands for."""

from tuiflow.service import EventQuery
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


def _times(watch: Watch, spot: Spot) -> tuple[int | None, int | None]:
    """Find when a try began, and when the next one did: nothing of a node runs beside it."""
    node = watch.state.nodes.get(spot.path)
    if node is None or not spot.attempt:
        return None, None
    later = [each.started_at for each in node.attempts if each.number >= spot.attempt]
    return (later[0], later[1]) if len(later) > 1 else (None, None)
