"""A connection's thread is there from its opening to its close, or was never there."""

import threading

import anyio
import pytest

from tuiflow.store import SqliteDb
from tuiflow.store.link import open_link


async def test_a_database_without_a_thread_is_given_up_and_not_waited_for(db: SqliteDb):
    await anyio.to_thread.run_sync(int)  # the loop's own is there before there is no room
    usual = threading.stack_size(2**60)
    try:
        with pytest.raises(RuntimeError, match="can't start new thread"):
            async with open_link(db, create=True):
                pass
    finally:
        threading.stack_size(usual)
