"""Opens a service for a folder or a file: the order in which its parts come up and go down."""

import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from pathlib import Path

from anyio import Event, move_on_after
from anyio.abc import TaskGroup

from tuiflow.catalog import Catalog, check_target
from tuiflow.errors import StoreError
from tuiflow.model.outline import FileReport
from tuiflow.service.background import Troubles, keep_up, open_group
from tuiflow.service.ending import open_endings
from tuiflow.service.parts import Parts
from tuiflow.service.service import Service, now
from tuiflow.settings import USUAL_FOLDER, Settings, find_project, load_settings
from tuiflow.store import Store, open_store, resolve_db
from tuiflow.supervisor import CLAIM_SECONDS, Reaper, Workers

_LATEST_BEGIN = 2.0  # seconds


@asynccontextmanager
async def open_service(  # noqa: PLR0913 - what one may choose at the start, all by name
    *,
    target: Path | None = None,
    db: str | None = None,
    python: Path | None = None,
    standby: bool | None = None,
    ascii: bool | None = None,  # noqa: A002 - the setting's name
    watch: bool = True,
    after: Event | None = None,
) -> AsyncGenerator[Service, None]:
    """Open the database and the catalog; with `watch`, keep both fresh until the block ends.

    What goes on in the background begins once `after` is set, so that a screen is drawn first.

    Raises CatalogError, SettingsError, StoreError.
    """
    asked = _absolute(target)
    project = find_project(_folder_of(asked or Path.cwd()))
    settings = load_settings(project, python=python, standby=standby, ascii=ascii)
    troubles = Troubles(now)
    options = _as_options(asked, db, python)
    database = resolve_db(db, project=project)
    workers = Workers(settings, project, database)
    async with (
        open_store(database, on_gone=troubles.add if watch else None) as store,
        aclosing(workers),
        open_endings(store, database) as endings,
        open_group() as group,
    ):
        catalog = Catalog(
            asked or _default_target(project, settings),
            project,
            probe=workers.probe,
            known=await store.latest_reports(),
            on_report=_keeper(store, troubles),
        )
        parts = Parts(
            settings, project, database, store, catalog, workers, endings, troubles, options
        )
        if watch:
            group.start_soon(_watch, parts, group, after)
        else:
            await _look_once(parts, group)
        yield Service(parts)


async def _look_once(parts: Parts, group: TaskGroup) -> None:
    # At once, so that the first answer is true; then for a command that follows a run.
    # A command that only reads has use for a database it cannot write.
    reaper = _reaper(parts)
    with suppress(StoreError):
        await reaper.look()
    group.start_soon(keep_up, reaper.run, parts.troubles)


async def _watch(parts: Parts, group: TaskGroup, after: Event | None) -> None:
    if after is not None:
        with move_on_after(_LATEST_BEGIN):
            await after.wait()
    for work in (parts.catalog.run, parts.workers.run, _reaper(parts).run):
        group.start_soon(keep_up, work, parts.troubles)
    if parts.settings.standby:
        group.start_soon(parts.catalog.warm)


def _reaper(parts: Parts) -> Reaper:
    # How long an import may take is the project's to say.
    seconds = CLAIM_SECONDS + parts.settings.import_seconds
    return Reaper(parts.store, claim_seconds=seconds, on_lost=parts.troubles.lost.add)


def _keeper(store: Store, troubles: Troubles) -> Callable[[FileReport], Awaitable[None]]:
    async def keep(report: FileReport) -> None:
        try:
            await store.save_report(report)
        except StoreError as error:
            troubles.add(str(error))

    return keep


def _as_options(target: Path | None, db: str | None, python: Path | None) -> tuple[str, ...]:
    given = {"--folder": target, "--db": db, "--python": python}
    return tuple(f"{name}={value}" for name, value in given.items() if value is not None)


def _absolute(target: Path | None) -> Path | None:
    if target is None:
        return None
    target = Path.cwd() / os.path.expanduser(target)
    check_target(target)
    return target


def _default_target(project: Path, settings: Settings) -> Path:
    if settings.folder is not None:
        chosen = project / os.path.expanduser(settings.folder)
        check_target(chosen)
        return chosen
    # Where one stands comes before a folder above it, which may be a project by accident.
    usual = (folder / USUAL_FOLDER for folder in (Path.cwd(), project))
    return next((folder for folder in usual if os.path.isdir(folder)), project)


def _folder_of(target: Path) -> Path:
    return target if os.path.isdir(target) else target.parent
