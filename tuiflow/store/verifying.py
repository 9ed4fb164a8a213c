"""Reads what is kept and says what is wrong with it, each thing where it is and in one sentence."""

import json
from collections.abc import AsyncIterator, Iterator, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from sqlite3 import Row

from anyio.to_thread import run_sync

from tuiflow.errors import RunNotFoundError
from tuiflow.model.events import read_event
from tuiflow.model.ids import RunId
from tuiflow.model.log_check import LogCheck, named_blobs
from tuiflow.model.run_state import RunState
from tuiflow.model.status import Status
from tuiflow.store.columns import problem_of
from tuiflow.store.folding import load_state
from tuiflow.store.link import Link
from tuiflow.store.queries import sql
from tuiflow.store.rows import read_events, run_problems

_PAGE = 2000  # events
_GOING_ON = {status.value for status in Status if not status.is_final}
_STRAYS = {
    "list_lost_nested": "it is nested in run {root_run_id}, which is gone",
    "list_left_events": "it has events and no row; `tuiflow prune` deletes them",
    "list_lost_uses": "it names blobs and has no row",
    "list_orphan_blobs": "blob {digest} of {size} bytes is named by no run; "
    "`tuiflow prune` deletes it",
}
"""What belongs to no run: a query, and what is wrong with each of its rows."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be."""

    problem: str
    run_id: RunId | None = None
    seq: int | None = None
    """Where in the run's log; None for what concerns the run as a whole."""

    @property
    def sentence(self) -> str:
        """Say where, and what."""
        place = f"run {self.run_id}: " if self.run_id else ""
        return f"{place}{'' if self.seq is None else f'seq {self.seq}: '}{self.problem}"


async def verify_run(link: Link, run_id: RunId) -> AsyncIterator[Finding]:
    """Check one root run: its row, its log and its blobs; raises RunNotFoundError."""
    row = await link.fetch_one("read_runs", "with_id", run_id=run_id)
    with_outline = await link.fetch_one("get_outline", run_id=run_id)
    if row is None or with_outline is None:
        raise RunNotFoundError(run_id)
    for problem in run_problems(row, with_outline):
        yield Finding(problem, run_id)
    async for finding in _verify_log(link, row):
        yield finding
    for blob in await link.fetch_all(sql("list_blobs_of_run"), {"run_id": run_id}):
        problem = "is missing" if blob["is_missing"] else await _hash_problem(link, blob["digest"])
        if problem:
            yield Finding(f"blob {blob['digest']} {problem}", run_id)


async def _verify_log(link: Link, row: Row) -> AsyncIterator[Finding]:
    run_id = RunId(row["run_id"])
    log = _Log(run_id, await load_state(link, run_id))
    params = {"run_id": run_id, "limit": _PAGE}
    while page := await link.fetch_all(sql("events_after"), {"seq": log.seq, **params}):
        found = await run_sync(log.read, page)
        if found and await link.fetch_one("read_run_head", run_id=run_id) is None:
            return  # it was deleted meanwhile, and its events are on their way out
        for finding in found:
            yield finding
    # Only now: what an event names is there as soon as the event is.
    blobs = await link.fetch_all(sql("list_blobs_of_run"), {"run_id": run_id})
    now = await link.fetch_one("read_run_head", run_id=run_id)
    if now is not None:
        is_as_read = (now["status"], now["episode"]) == (row["status"], row["episode"])
        status = row["status"] if is_as_read else Status.RUNNING
        for finding in log.end(status, {blob["digest"] for blob in blobs}):
            yield finding


async def verify_all(link: Link) -> AsyncIterator[Finding]:
    """Check every run, and what belongs to none."""
    for row in await link.search(sql("quick_check"), {}):
        if row["problem"] != "ok":
            yield Finding(f"the database is damaged: {row['problem']}")
    for row in await link.fetch_all(sql("list_roots"), {}):
        with suppress(RunNotFoundError):  # it was deleted meanwhile
            async for finding in verify_run(link, row["run_id"]):
                yield finding
    for name, problem in _STRAYS.items():
        for row in await link.search(sql(name), {}):
            facts = dict(row)
            yield Finding(problem.format(**facts), facts.get("run_id"))


async def _hash_problem(link: Link, digest: str) -> str:
    row = await link.fetch_one("get_blob", digest=digest)
    if row is None:
        return ""  # its run was deleted meanwhile
    found = await run_sync(lambda: sha256(row["raw"]).hexdigest())
    return "" if found == digest else f"holds something else: its hash is {found}"


class _Log:
    """One run's log, page by page."""

    def __init__(self, run_id: RunId, kept: RunState | None) -> None:
        self.seq = 0
        self._kept = kept
        """The state that saves folding the log again: it must be what the log gives."""
        self._told = RunState()
        self._run_id = run_id
        self._named: dict[str, int] = {}
        """The blobs that events name, and which event is the first that does."""
        self._check = LogCheck()

    def read(self, rows: Sequence[Row]) -> list[Finding]:
        if self._kept is not None:
            known = [row for row in rows if row["seq"] <= self._kept.seq]
            self._told = self._told.after(read_events(known))
        return [
            Finding(problem, self._run_id, row["seq"])
            for row in rows
            for problem in self._read_row(row)
        ]

    def end(self, status: str, blobs: Set[str]) -> Iterator[Finding]:
        """Compare the log with what the run's row said before it was read, and with its blobs."""
        for digest, seq in self._named.items():
            if digest not in blobs:
                problem = f"it names blob {digest}, which the run does not keep"
                yield Finding(problem, self._run_id, seq)
        if self._kept is not None and (place := _difference(self._kept, self._told)):
            problem = f"the state kept of it differs from its log in {place}"
            yield Finding(problem, self._run_id, self._kept.seq)
        told = self._check.ended_as
        if status in _GOING_ON or told == status:
            return
        said = f"ends as {told}" if told else "has no end"
        yield Finding(f"its row says {status}, and its log {said}", self._run_id)

    def _read_row(self, row: Row) -> Iterator[str]:
        if row["seq"] != self.seq + 1:
            yield f"the log goes from seq {self.seq} to {row['seq']}"
        self.seq = row["seq"]
        envelope = dict(row)
        body = envelope.pop("body")
        try:
            event = read_event(envelope, body)
            json.dumps(event.model_dump(mode="json"))
        except (ValueError, TypeError, RecursionError) as error:
            yield f"this {row['kind']} cannot be read: {problem_of(error)}"
            return
        yield from self._check.after(event)
        for digest in named_blobs(event):
            self._named.setdefault(digest, self.seq)


def _difference(kept: RunState, told: RunState) -> str:
    if kept.run != told.run:
        return "what is said of the run as a whole"
    paths = {*kept.nodes, *told.nodes}
    wrong = sorted(path for path in paths if kept.nodes.get(path) != told.nodes.get(path))
    return f"node {wrong[0]!r}" if wrong else ""
