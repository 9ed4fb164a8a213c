"""Follows a run by reading what has been committed: nothing is pushed, so nobody waits for us."""

from collections.abc import AsyncIterator

import anyio

from tuiflow.errors import RunLostError
from tuiflow.model.events import RUN_END_KINDS, Event
from tuiflow.model.ids import RunId
from tuiflow.model.status import Status
from tuiflow.service.lost_runs import LostRuns
from tuiflow.store import RunRecord, Store

_LOOK_EVERY = 0.05  # seconds
_PAGE = 5000  # events


async def follow(
    store: Store, run_id: RunId, after: int = 0, *, lost: LostRuns | None = None
) -> AsyncIterator[list[Event]]:
    """Yield a run's events in batches as they are committed, until its last one.

    Raises RunNotFoundError, and RunLostError for one that is found `lost` meanwhile.
    """
    seen = after
    version: int | None = None
    run: RunRecord | None = None
    while True:
        # Before the events: what is written while they are read is then read next time.
        now = await store.data_version()
        if now == version:
            if lost is not None and run is not None and (why := lost.why(run)) is not None:
                raise RunLostError(why)
            await anyio.sleep(_LOOK_EVERY)
            continue
        # Before the events as well: a run that is over by now has its last one among them.
        run = await store.get_run(run_id)
        is_over = run.status.is_final
        episode = run.episode + (run.status is Status.PENDING)
        events = await store.events_after(run_id, seen, limit=_PAGE)
        if events:
            seen = events[-1].seq
            yield events
        if len(events) == _PAGE:
            continue
        if is_over or any(_ends_run(event, episode) for event in events):
            return
        version = now


def _ends_run(event: Event, episode: int) -> bool:
    is_end = event.kind in RUN_END_KINDS and event.nested_run_id is None
    return is_end and event.episode >= episode
