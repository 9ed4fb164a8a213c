import os
import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from tests.store.making import FLOW, claimed, flow_started, log_of, new_run, step_started
from tests.store.test_pruning import big_input
from tuiflow.model.events import StepCompletedEvent, WorkflowCompletedEvent
from tuiflow.model.ids import NodePath
from tuiflow.store import SqliteDb, open_store

SEED = 20_260_419
BLOCK = 512  # bytes that a disk writes whole


async def test_with_full_a_copy_cut_at_any_byte_of_its_log_or_of_its_merging_opens_and_is_whole(
    db: SqliteDb, tmp_path: Path
):
    full = replace(db, synchronous="full")
    path = Path(full.db_file)
    async with open_store(full) as store:
        with closing(sqlite3.connect(path)) as raw:
            # Only what a checkpoint has synced stands in the file itself.
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        lease = await claimed(store)
        with log_of(full, lease) as log:
            assert log._writer._connection.execute("PRAGMA synchronous").fetchone()[0] == 2
            log.append(flow_started())
            for number in range(8):
                log.append(step_started(number))
                await log.commit()
                log.append(StepCompletedEvent(node_path=NodePath(f"etl/step_{number}")))
                await store.create_run(new_run(**big_input(f'"{number}"')))
            log.append(WorkflowCompletedEvent(node_path=FLOW))
        shutil.copy(path, tmp_path / "base.db")
        shutil.copy(f"{path}-wal", tmp_path / "whole-wal")

    copy, lengths = tmp_path / "cut.db", set[int]()
    rng = random.Random(SEED)
    size = os.stat(tmp_path / "whole-wal").st_size
    for cut in [0, size, *(rng.randrange(size) for _ in range(60))]:
        shutil.copy(tmp_path / "base.db", copy)
        shutil.copy(tmp_path / "whole-wal", f"{copy}-wal")
        os.truncate(f"{copy}-wal", cut)
        async with open_store(SqliteDb(copy)) as store:
            assert [finding.sentence async for finding in store.verify()] == [], (SEED, cut)
            lengths.add(len(await store.events_after(lease.run_id, 0)))
    assert len(lengths) > 5
    assert max(lengths) == 18

    base, merged = (tmp_path / "base.db").read_bytes(), merge(tmp_path)
    for _ in range(20):
        # While the log is merged, any of the file's pages may have arrived, or a part of one.
        blocks = [
            (merged if rng.random() < 0.5 else base)[start : start + BLOCK]
            for start in range(0, rng.choice([len(base), len(merged)]), BLOCK)
        ]
        copy.write_bytes(b"".join(blocks))
        shutil.copy(tmp_path / "whole-wal", f"{copy}-wal")
        async with open_store(SqliteDb(copy)) as store:
            assert [finding.sentence async for finding in store.verify()] == [], SEED
            assert len(await store.events_after(lease.run_id, 0)) == 18


def merge(folder: Path) -> bytes:
    """Give the file as it is once all of its log is in it."""
    path = folder / "merged.db"
    shutil.copy(folder / "base.db", path)
    shutil.copy(folder / "whole-wal", f"{path}-wal")
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()
