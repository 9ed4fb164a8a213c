import random
import subprocess
import sys
import time
from pathlib import Path

import anyio
import pytest

from tests.store.making import FLOW, claimed
from tuiflow.model.events import StepLogEvent, WorkflowCrashedEvent
from tuiflow.store import Lease, SqliteDb, Store

WRITER = """
import sys
import anyio
from tests.store.making import STEP, flow_started
from tuiflow.model.events import StepLogEvent
from tuiflow.store import EventLog, Lease, SqliteDb

async def main(path, run_id, token, seq):
    log = EventLog(SqliteDb(path), Lease(run_id, token, 1, int(seq)))
    number = 0
    while True:
        for _ in range(number % 7 + 1):
            number += 1
            log.append(StepLogEvent(node_path=STEP, text=str(number)))
        await log.commit()
        print(number, flush=True)

anyio.run(main, *sys.argv[1:])
"""


def write_until_killed(db: SqliteDb, lease: Lease, lifetime: float) -> int:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, db.db_file, lease.run_id, lease.token, "0"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert writer.stdout is not None
    promised = int(writer.stdout.readline())
    deadline = time.monotonic() + lifetime
    while time.monotonic() < deadline:
        promised = int(writer.stdout.readline())
    writer.kill()
    rest, _ = writer.communicate()
    complete = [line for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    return int(complete[-1]) if complete else promised


@pytest.mark.parametrize("attempt", range(3))
async def test_killing_a_writer_loses_nothing_it_was_promised(
    store: Store, db: SqliteDb, attempt: int
):
    lease = await claimed(store)
    lifetime = random.Random(attempt).uniform(0.05, 0.4)

    promised = await anyio.to_thread.run_sync(write_until_killed, db, lease, lifetime)

    events = await store.events_after(lease.run_id, 0, limit=10**9)
    assert [event.seq for event in events] == list(range(1, len(events) + 1))
    texts = [event.text for event in events if isinstance(event, StepLogEvent)]
    assert texts == [str(number) for number in range(1, len(events) + 1)]
    assert len(events) >= promised > 0
    assert await store.end_run(lease.run_id, WorkflowCrashedEvent(node_path=FLOW))
    assert (await store.get_run(lease.run_id)).last_seq == len(events) + 1


async def test_writers_in_several_processes_do_not_lose_each_others_events(
    store: Store, db: SqliteDb
):
    leases = [await claimed(store) for _ in range(3)]
    promised: dict[str, int] = {}

    async def write(lease: Lease) -> None:
        promised[lease.run_id] = await anyio.to_thread.run_sync(write_until_killed, db, lease, 0.7)

    async with anyio.create_task_group() as group:
        for lease in leases:
            group.start_soon(write, lease)

    for lease in leases:
        events = await store.events_after(lease.run_id, 0, limit=10**9)
        assert [event.seq for event in events] == list(range(1, len(events) + 1))
        assert len(events) >= promised[lease.run_id] > 0
