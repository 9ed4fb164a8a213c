"""Where runs are kept: the only folder that knows SQL."""

from tuiflow.store.database import Database, SqliteDb, resolve_db
from tuiflow.store.event_log import EventLog
from tuiflow.store.last_words import forget_last_words, open_last_words, read_last_words
from tuiflow.store.records import (
    CancelAnswer,
    EventQuery,
    Lease,
    NewRun,
    RunRecord,
    WorkerRecord,
)
from tuiflow.store.store import Store, open_store

__all__ = [
    "CancelAnswer",
    "Database",
    "EventLog",
    "EventQuery",
    "Lease",
    "NewRun",
    "RunRecord",
    "SqliteDb",
    "Store",
    "WorkerRecord",
    "forget_last_words",
    "open_last_words",
    "open_store",
    "read_last_words",
    "resolve_db",
]
