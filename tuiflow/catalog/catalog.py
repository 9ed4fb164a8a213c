"""Keeps the list of workflows fresh: looks at the folder, and has changed files probed."""

import os
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import anyio
from anyio.abc import TaskGroup
from anyio.to_thread import run_sync

from tuiflow.catalog.hashes import Hashes
from tuiflow.catalog.listing import (
    describe_doubles,
    describe_failure,
    describe_offer,
    find_entry,
    has_entry,
    likely_files,
    list_broken,
    list_entries,
    relative_name,
)
from tuiflow.catalog.loads import Loads
from tuiflow.catalog.scan import Scan, Scanner
from tuiflow.catalog.state import CatalogState, Notice, WorkflowEntry
from tuiflow.catalog.watched_file import WatchedFile
from tuiflow.catalog.watcher import Watcher
from tuiflow.errors import TuiflowError
from tuiflow.model.clock import now
from tuiflow.model.failure import describe_exception
from tuiflow.model.outline import FileReport

_LOOK_EVERY = 1.0  # seconds: heals what the watcher missed
_IDLE_SHARE = 500  # the processor's time of a look is this part of the time until the next
_SOON = 0.1  # seconds
_GONE_AFTER = 0.3  # seconds; editors that delete and write anew take less
_AT_ONCE = 2  # probes


class Catalog:
    """The workflows of a folder, or of one file. `state` is replaced whenever it changes."""

    def __init__(
        self,
        folder_or_file: Path,
        project: Path,
        *,
        probe: Callable[[Path], Awaitable[FileReport]],
        known: Sequence[FileReport] = (),
        on_report: Callable[[FileReport], Awaitable[None]] | None = None,
    ) -> None:
        target = folder_or_file.resolve()
        self._folder = target if target.is_dir() else target.parent
        self._project = project
        self._probe_file = probe
        self._on_report = on_report
        self._scanner = Scanner(target)
        self._hashes = Hashes()
        self._files = {
            Path(report.file): WatchedFile(Path(report.file), good=report)
            for report in known
            if _is_offered(Path(report.file), target)
        }
        self._names = 0
        self._not_imported = 0
        self._pause = _LOOK_EVERY
        self._wake = anyio.Event()
        self._changed = anyio.Event()
        self._looking = anyio.Lock()
        self._probing = anyio.Semaphore(_AT_ONCE)
        self._watcher = Watcher(self._on_wake)
        self._notice: Notice | None = None
        self._loads = Loads()
        self.state = CatalogState(folder=self._folder)
        self._publish()

    async def run(self) -> None:
        """Keep the list fresh for ever."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._watcher.run)
            while True:
                self._begin(group, await self._look())
                with anyio.move_on_after(self._pause):
                    await self._wake.wait()
                self._wake = anyio.Event()

    async def refresh(self, key: str | None = None) -> None:
        """Look once, and return when all that has changed or is broken is probed.

        With a `key` that is only what seems to have it, where one of those does.
        """
        # Whatever made an import fail may have been mended outside of the project's files.
        broken = [file for file in self._files.values() if file.failure and file.parses]
        found = [*await self._look(), *broken]
        likely = found if key is None else await run_sync(likely_files, key, found)
        await self._probe_all(likely)
        await self._settle()
        if key is not None and not has_entry(key, self.state.entries):
            await self._probe_all([file for file in found if file not in likely])
            await self._settle()

    async def catch_up(self) -> None:
        """Look once and probe what has changed; return when that is done."""
        await self._probe_all(await self._look())
        await self._settle()

    async def fresh(self, key: str) -> WorkflowEntry:
        """Find a workflow as its file is now, waiting for the probe where it has just changed."""
        entry = self.find(key)
        is_sure = False
        while not is_sure:
            stale = await self._look()
            # A probe under way may have read the file before its last save.
            is_sure = not self._is_probing(entry.file)
            await self._probe_all([file for file in stale if file.file == entry.file])
            while self._is_probing(entry.file):
                await self._changed.wait()
        return self.find(key)

    async def warm(self) -> None:
        """Probe the file changed last although it is known, so that its next run starts at once."""
        await self._settle()
        watched = next(reversed(self._files.values()), None)
        if watched and watched.good and not watched.failure and not watched.was_probed:
            watched.is_warming = True
            await self._probe_all([watched])

    async def wait_for_change(self) -> None:
        """Return once `state` has been replaced."""
        version = self.state.version
        while self.state.version == version:
            await self._changed.wait()

    def find(self, key: str) -> WorkflowEntry:
        """Find by key or by name; raises WorkflowNotFoundError or WorkflowAmbiguousError."""
        return find_entry(key, self.state.entries, self.state.broken, self._folder)

    def _is_probing(self, file: Path) -> bool:
        watched = self._files.get(file)
        return watched is not None and watched.is_probing

    async def _settle(self) -> None:
        while self.state.probing or not self.state.has_scanned:
            await self._changed.wait()

    async def _probe_all(self, files: Sequence[WatchedFile]) -> None:
        async with anyio.create_task_group() as group:
            self._begin(group, files)

    async def _look(self) -> list[WatchedFile]:
        async with self._looking:
            scan, disk, used = await run_sync(self._read_disk)
            stale = self._compare(scan, disk)
            self._pause = max(_LOOK_EVERY, _IDLE_SHARE * used)
            is_missed = any(file.missing_since is not None for file in self._files.values())
            if self._point_watcher(scan) or is_missed:
                self._pause = _SOON
            self._publish(has_scanned=True)
            return stale

    def _read_disk(self) -> tuple[Scan, Mapping[str, str], float]:
        # Not by the wall: on a busy machine the next look would be minutes away.
        began = time.thread_time()
        scan = self._scanner.scan()
        known = [watched.paths() for watched in list(self._files.values())]
        disk = self._hashes.of_all({*map(str, scan.files)}.union(*known))
        return scan, disk, time.thread_time() - began

    def _compare(self, scan: Scan, disk: Mapping[str, str]) -> list[WatchedFile]:
        self._names, self._not_imported = scan.names, scan.not_imported
        self._drop_missing(scan, disk)
        stale: list[WatchedFile] = []
        for path, found in scan.files.items():
            # Put in again, so that the files stand in the order of their last change.
            watched = self._files.pop(path, None) or WatchedFile(path)
            self._files[path] = watched
            watched.missing_since = None
            if watched.is_probing:
                continue
            if found.failure is not None:
                if watched.take_syntax_error(found.failure, disk, scan.names):
                    self._say_broken(watched)
            else:
                was_broken, watched.parses = watched.failure is not None, True
                if watched.is_stale(disk, scan.names):
                    stale.append(watched)
                elif was_broken and watched.failure is None and watched.good is not None:
                    self._say_loaded("reloaded", watched.good)
        return stale

    def _drop_missing(self, scan: Scan, disk: Mapping[str, str]) -> None:
        now = time.monotonic()
        new = {disk[str(path)] for path in scan.files if path not in self._files}
        for watched in list(self._files.values()):
            if watched.file in scan.files:
                continue
            if watched.missing_since is None:
                watched.missing_since = now
            own = watched.good.hashes.get(str(watched.file)) if watched.good else None
            if own in new:
                del self._files[watched.file]
            elif now - watched.missing_since >= _GONE_AFTER:
                del self._files[watched.file]
                name = relative_name(watched.file, self._folder)
                self._say(f"{name} offers no workflow any more; what it has run stays")

    def _point_watcher(self, scan: Scan) -> bool:
        paths = {path for watched in self._files.values() for path in watched.paths()}
        inside = {Path(path).parent for path in paths if Path(path).is_relative_to(self._project)}
        there = {folder for folder in inside if os.path.isdir(folder)}
        return self._watcher.point_at(scan.folders | there, paths)

    def _on_wake(self) -> None:
        self._wake.set()

    def _begin(self, group: TaskGroup, files: Sequence[WatchedFile]) -> None:
        for watched in files:
            # Two looks at once may both have found it stale.
            if not watched.is_probing:
                watched.is_probing = watched.was_probed = True
                group.start_soon(self._probe, watched)
        self._publish()

    async def _probe(self, watched: WatchedFile) -> None:
        try:
            async with self._probing:
                before = await run_sync(self._hashes.of_all, watched.paths())
                await self._take(watched, before)
        finally:
            watched.is_probing = watched.is_warming = False
            self._publish()
            self._tell()
            self._wake.set()

    async def _take(self, watched: WatchedFile, before: Mapping[str, str]) -> None:
        try:
            report = await self._probe_file(watched.file)
        except TuiflowError as error:
            watched.take_failure(describe_exception(error), {}, before, self._names)
            self._say_broken(watched)
            return
        if report.failure is not None:
            watched.take_failure(report.failure, report.hashes, before, self._names)
            self._say_broken(watched)
        else:
            await self._take_good(watched, report, before)
        disk = await run_sync(self._hashes.of_all, watched.paths())
        if watched.has_rewritten_itself(time.monotonic(), disk):
            name = relative_name(watched.file, self._folder)
            self._say(f"{name} changes itself when imported: left alone until saved", is_error=True)

    async def _take_good(
        self, watched: WatchedFile, report: FileReport, before: Mapping[str, str]
    ) -> None:
        was = watched.good.revision if watched.good and not watched.failure else None
        verb = "reloaded" if watched.good or watched.failure else "loaded"
        watched.take_good(report, before)
        if report.revision != was:
            self._say_loaded(verb, report)
        if doubles := describe_doubles(report, self._folder):
            self._say(doubles, is_error=True)
        if self._on_report is not None and report.revision != was:
            await self._on_report(report)

    def _say_loaded(self, verb: str, report: FileReport) -> None:
        offer = describe_offer(report, self._folder)
        self._say(self._loads.words(verb, Path(report.file), offer))

    def _say_broken(self, watched: WatchedFile) -> None:
        assert watched.failure is not None
        self._say(describe_failure(watched.file, watched.failure, self._folder), is_error=True)

    def _say(self, text: str, *, is_error: bool = False) -> None:
        self._notice = Notice(now(), text, is_error)

    def _publish(self, *, has_scanned: bool = False) -> None:
        files = list(self._files.values())
        state = replace(
            self.state,
            entries=list_entries(files, self._folder),
            broken=list_broken(files),
            not_imported=self._not_imported,
            watching=len(files),
            probing=sum(file.is_probed_anew for file in files),
            notice=self._notice,
            has_scanned=self.state.has_scanned or has_scanned,
        )
        if state != self.state:
            self.state = replace(state, version=state.version + 1)
            self._tell()

    def _tell(self) -> None:
        self._changed.set()
        self._changed = anyio.Event()


def _is_offered(file: Path, target: Path) -> bool:
    return (file == target or target in file.parents) and os.path.isfile(file)
