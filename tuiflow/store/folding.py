"""Folds a run as far as it is recorded, and keeps what was long work beside its events."""

import math
import time
from contextlib import suppress

from anyio.to_thread import run_sync

from tuiflow.errors import StoreError
from tuiflow.model.ids import RunId
from tuiflow.model.run_state import RunState
from tuiflow.model.snapshot import fold_rules, read_snapshot, write_snapshot
from tuiflow.store import paging
from tuiflow.store.link import Link

_FOLD_HERE = 400  # events; more are folded on a thread, so that keys go on working
WORTH = 2000
"""Events that take longer to fold than a state takes to be kept."""


class RunFold:
    """One root run: its state as far as it was read; ask again for what came since."""

    def __init__(self, link: Link, run_id: RunId) -> None:
        self.run_id = run_id
        self.state = RunState()
        self.is_behind = True
        """There is, or may be, more than has been read."""
        self._link = link
        self._has_begun = False
        self._is_as_kept = False
        self._folded = 0

    async def catch_up(self, *, within: float = math.inf) -> RunState:
        """Read on to the newest event, or for so many seconds; raises StoreError."""
        if not self._has_begun:
            self._has_begun = True
            if (kept := await load_state(self._link, self.run_id)) is not None:
                self.state, self._is_as_kept = kept, True
        until = time.monotonic() + within
        await self._read_on()
        while self.is_behind and time.monotonic() < until:
            await self._read_on()
        if not self.is_behind:
            await self._keep()
        return self.state

    async def _read_on(self) -> None:
        limit, seq = paging.PAGE, self.state.seq
        page = await paging.read_page(self._link, "tree_events_after", self.run_id, seq, limit)
        # The first change of what was kept reads all of its nodes.
        if not page or (len(page) < _FOLD_HERE and not self._is_as_kept):
            self.state = self.state.after(page)
        else:
            self.state = await run_sync(self.state.after, page)
            self._is_as_kept = False
        self._folded += len(page)
        self.is_behind = len(page) == limit

    async def _keep(self) -> None:
        # Of a run that goes on only when it has doubled: its worker wants to write as well.
        goes_on = not self.state.status.is_final
        if self._folded < max(WORTH, len(self.state.nodes) if goes_on else 0):
            return
        self._folded = 0
        raw = await run_sync(write_snapshot, self.state)
        if raw is not None:
            # It is there to save time; where it cannot be written there is none to be saved.
            with suppress(StoreError):
                await save_state(self._link, self.run_id, self.state.seq, raw)


async def fold_if_long(link: Link, run_id: RunId) -> None:
    """Fold a run whose kept state is far behind, so that nobody has to wait for it later."""
    params = {"run_id": run_id, "rules": fold_rules(), "count": WORTH}
    if await link.fetch_one("is_worth_folding", **params) is not None:
        await RunFold(link, run_id).catch_up()


async def load_state(link: Link, run_id: RunId) -> RunState | None:
    """Read the state that is kept of a run; None where there is none to be believed."""
    row = await link.fetch_one("get_snapshot", run_id=run_id, rules=fold_rules())
    state = None if row is None else await run_sync(read_snapshot, row["state"])
    return state if row is not None and state is not None and state.seq == row["seq"] else None


async def save_state(link: Link, run_id: RunId, seq: int, raw: bytes) -> None:
    """Keep a state, unless its run is gone or a newer one is kept."""
    params = {"run_id": run_id, "seq": seq, "rules": fold_rules(), "state": raw}
    async with link.transaction() as transaction:
        await transaction.execute("save_snapshot", **params)
