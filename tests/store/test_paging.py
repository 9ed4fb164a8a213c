import pytest

from tests.store.making import STEP, claimed, flow_started, log_of
from tuiflow.model.events import StepLogEvent, StepProgressEvent
from tuiflow.store import SqliteDb, Store, paging


async def test_a_run_is_read_page_by_page_to_its_end(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "PAGE", 3)
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())
        for number in range(6):
            log.append(StepLogEvent(node_path=STEP, text=str(number)))

    pages = [[event.seq for event in page] async for page in store.pages(lease.run_id)]
    rest = [[event.seq for event in page] async for page in store.pages(lease.run_id, 5)]

    assert (pages, rest) == ([[1, 2, 3], [4, 5, 6], [7]], [[6, 7]])


async def test_the_pages_of_a_tree_leave_out_what_does_not_move_it(
    store: Store, db: SqliteDb, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paging, "PAGE", 1)
    lease = await claimed(store)
    with log_of(db, lease) as log:
        log.append(flow_started())
        log.append(StepLogEvent(node_path=STEP, text="chatter"))
        log.append(StepProgressEvent(node_path=STEP, done=1))
        log.append(StepProgressEvent(node_path=STEP, done=2))

    pages = [[event.seq for event in page] async for page in store.tree_pages(lease.run_id)]

    assert pages == [[1], [4]]
