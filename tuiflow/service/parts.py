"""What a service is put together from."""

from dataclasses import dataclass
from pathlib import Path

from tuiflow.catalog import Catalog
from tuiflow.service.background import Troubles
from tuiflow.service.ending import Endings
from tuiflow.settings import Settings
from tuiflow.store import SqliteDb, Store
from tuiflow.supervisor import Workers


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service stands on, as `open_service` puts it together."""

    settings: Settings
    project: Path
    db: SqliteDb
    store: Store
    catalog: Catalog
    workers: Workers
    endings: Endings
    troubles: Troubles
    options: tuple[str, ...] = ()
    """What was chosen when it was opened, as the command line has it."""
