"""Where runs are kept: the only folder that knows SQL."""

from tuiflow.store.burying import bury, bury_if_gone, how_it_ended
from tuiflow.store.database import Database, PostgresDb, SqliteDb, resolve_db
from tuiflow.store.event_log import EventLog
from tuiflow.store.event_reader import EventReader
from tuiflow.store.folding import RunFold
from tuiflow.store.last_words import forget_last_words, open_last_words, read_last_words
from tuiflow.store.media import ReadMedium, read_media
from tuiflow.store.past_runs import read_past_runs
from tuiflow.store.past_state import read_past_state
from tuiflow.store.processes import (
    RUN_ID_VARIABLE,
    describe_process,
    is_alive,
    plain_environ,
    spawn_detached,
    this_machine,
)
from tuiflow.store.pruning import OldRun, Retention
from tuiflow.store.records import (
    CancelAnswer,
    EventQuery,
    Lease,
    NewRun,
    RunRecord,
    WorkerRecord,
)
from tuiflow.store.session_reader import read_session_state
from tuiflow.store.started import find_started, kill_started
from tuiflow.store.store import Store, open_store
from tuiflow.store.verifying import Finding

__all__ = [
    "RUN_ID_VARIABLE",
    "CancelAnswer",
    "Database",
    "EventLog",
    "EventQuery",
    "EventReader",
    "Finding",
    "Lease",
    "NewRun",
    "OldRun",
    "PostgresDb",
    "ReadMedium",
    "Retention",
    "RunFold",
    "RunRecord",
    "SqliteDb",
    "Store",
    "WorkerRecord",
    "bury",
    "bury_if_gone",
    "describe_process",
    "find_started",
    "forget_last_words",
    "how_it_ended",
    "is_alive",
    "kill_started",
    "open_last_words",
    "open_store",
    "plain_environ",
    "read_last_words",
    "read_media",
    "read_past_runs",
    "read_past_state",
    "read_session_state",
    "resolve_db",
    "spawn_detached",
    "this_machine",
]
