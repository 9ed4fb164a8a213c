"""What becomes of an open database whose loop ends."""

import asyncio  # noqa: TID251 - as a program runs whose main function returns
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.making import new_run
from tuiflow.errors import StoreError
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


async def make_runs(db: SqliteDb, wrong: list[Exception]) -> None:
    async with open_store(db) as store:
        try:
            while True:
                await store.create_run(new_run())
        except asyncio.CancelledError:
            write_at_once(db, wrong)
            raise
        except StoreError as error:
            wrong.append(error)


def write_at_once(db: SqliteDb, wrong: list[Exception]) -> None:
    with closing(sqlite3.connect(Path(db.db_file), timeout=0, isolation_level=None)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            wrong.append(error)


def test_a_loop_that_ends_within_a_transaction_leaves_it_undone_or_through(db: SqliteDb):
    wrong: list[Exception] = []

    async def program(milliseconds: float) -> None:
        making = asyncio.create_task(make_runs(db, wrong))
        await asyncio.sleep(milliseconds / 1000)
        assert making is not None

    for tenths in range(60, 120):
        asyncio.run(program(tenths / 10))

    assert wrong == []
