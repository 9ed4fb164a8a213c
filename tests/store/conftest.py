import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tuiflow.store import SqliteDb, Store, open_store


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def db(tmp_path: Path) -> SqliteDb:
    return SqliteDb(tmp_path / "runs.db")


@pytest.fixture
async def store(db: SqliteDb) -> AsyncIterator[Store]:
    async with open_store(db) as opened:
        yield opened


@pytest.fixture
def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1000
