from pathlib import Path

import pytest

from tests.store.making import new_run
from tuiflow.errors import StoreError
from tuiflow.model.events import StepLogEvent
from tuiflow.model.ids import NodePath
from tuiflow.store import EventLog, EventReader, SqliteDb, Store, describe_process


async def test_a_log_is_read_a_page_at_a_time_and_then_only_what_is_new(store: Store, db: SqliteDb):
    run = new_run()
    await store.create_run(run)
    reader = EventReader(db, run.run_id)
    assert reader.read(0) == []

    lease = await store.claim_run(run.run_id, describe_process(run.run_id, "inline"))
    assert lease is not None
    log = EventLog(db, lease)
    for number in range(1200):
        log.append(StepLogEvent(node_path=NodePath("w/a"), text=str(number)))
    await log.commit()

    pages = [reader.read(0), reader.read(500), reader.read(1000), reader.read(1200)]
    assert [len(page) for page in pages] == [500, 500, 200, 0]
    log.append(StepLogEvent(node_path=NodePath("w/a"), text="last"))
    log.close()
    assert [event.seq for event in reader.read(1200)] == [1201]
    reader.close()
    reader.close()


def test_a_database_that_is_not_there_is_said_in_a_sentence(tmp_path: Path):
    with pytest.raises(StoreError, match="cannot be opened"):
        EventReader(SqliteDb(tmp_path / "none" / "x.db"), new_run().run_id)
