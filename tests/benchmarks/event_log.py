"""How many events one worker commits in a second, beside the bare driver writing the same rows."""

import sqlite3
import tempfile
import time
from pathlib import Path

import anyio

from tests.benchmarks.table import Figure, median_of
from tests.store.making import claimed
from tuiflow.model.events import StepLogEvent
from tuiflow.model.ids import NodePath
from tuiflow.store import EventLog, Lease, SqliteDb, open_store

EVENTS = 100_000


def measure() -> list[Figure]:
    ours = median_of(3, committed_per_second)
    raw = median_of(3, raw_per_second)
    return [Figure("events committed by one worker", ours, "/s", "≥ 30 000", "raw sqlite3", raw)]


def committed_per_second() -> float:
    with tempfile.TemporaryDirectory() as folder:
        db = SqliteDb(Path(folder) / "bench.db")
        lease = anyio.run(claim_a_run, db)
        log = EventLog(db, lease)
        begin = time.perf_counter()
        for number in range(EVENTS):
            log.append(StepLogEvent(node_path=NodePath("bench/a"), text=f"line {number}"))
        log.close()
        return EVENTS / (time.perf_counter() - begin)


async def claim_a_run(db: SqliteDb) -> Lease:
    async with open_store(db) as store:
        return await claimed(store)


def raw_per_second() -> float:
    with tempfile.TemporaryDirectory() as folder:
        raw = sqlite3.connect(Path(folder) / "raw.db", isolation_level=None)
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("PRAGMA synchronous = NORMAL")
        raw.execute("CREATE TABLE events (run_id, seq, at, kind, node_path, body)")
        rows = (
            (("r", n, n, "StepLog", "bench/a", f'{{"text":"line {n}"}}')) for n in range(EVENTS)
        )
        begin = time.perf_counter()
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?)", rows)
        raw.execute("COMMIT")
        spent = time.perf_counter() - begin
        raw.close()
        return EVENTS / spent
