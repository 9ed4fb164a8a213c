from tests.store.making import new_run
from tuiflow.model.status import Status
from tuiflow.store import Store


async def test_a_list_that_is_read_again_makes_only_the_runs_anew_that_have_changed(store: Store):
    for _ in range(2):
        await store.create_run(new_run())
    second, first = await store.list_runs()

    await store.request_cancel(first.run_id, reason="enough")
    again = await store.list_runs()

    assert again[0] is second
    assert (again[1].status, again[1].reason) == (Status.CANCELLED, "enough")
