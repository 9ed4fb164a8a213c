"""What becomes of an open database whose loop ends."""

import asyncio  # noqa: TID251 - as a program runs whose main function returns

import pytest

from tuiflow.store import SqliteDb, open_store


@pytest.mark.parametrize("first", range(4))
def test_a_loop_that_ends_leaves_no_thread_behind_that_answers_to_it(db: SqliteDb, first: int):
    async def use() -> None:
        async with open_store(db):
            pass

    async def program(ticks: int) -> None:
        using = asyncio.create_task(use())
        for _ in range(ticks):
            await asyncio.sleep(0)
        assert using is not None

    # A thread that answers too late is an error of the test: no warning is let pass.
    for ticks in range(first, 400, 4):
        asyncio.run(program(ticks))
