"""Wakes the catalog when something in its folders moves; what has changed is for hashes to say."""

import os
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
from anyio.to_thread import run_sync

if TYPE_CHECKING:
    from watchfiles import Change

_DEBOUNCE = 50  # milliseconds
_STEP = 60  # milliseconds: the thread that watches wakes so often
_RETRY = 5.0  # seconds
_NEVER = frozenset({"__pycache__", "node_modules", "site-packages"})


class Watcher:
    """Watches single folders, never below them: no environment, cache or database is looked at."""

    def __init__(self, on_change: Callable[[], None]) -> None:
        self._on_change = on_change
        self._folders: frozenset[Path] = frozenset()
        self._files: frozenset[str] = frozenset()
        self._moved = anyio.Event()

    def point_at(self, folders: Iterable[Path], files: Iterable[str]) -> bool:
        """Choose the folders, and the files besides Python's that count; True when they differ."""
        self._files = frozenset(files)
        chosen = frozenset(folders)
        if chosen == self._folders:
            return False
        self._folders = chosen
        self._moved.set()
        return True

    async def run(self) -> None:
        """Watch for ever; where the system cannot, the catalog's own regular looks must do."""
        while True:
            self._moved = anyio.Event()
            try:
                await self._watch(self._moved)
            except* (OSError, RuntimeError):
                # A folder that has just gone, or no watches left in the system.
                with anyio.move_on_after(_RETRY):
                    await self._moved.wait()

    async def _watch(self, moved: anyio.Event) -> None:
        if not self._folders:
            await moved.wait()
            return
        # Deferred: only a screen watches, and it is drawn first. On a thread, so that keys work.
        await run_sync(import_module, "watchfiles")
        from watchfiles import awatch  # noqa: PLC0415

        async with anyio.create_task_group() as group:
            group.start_soon(_set_at_end, moved)
            async for _ in awatch(
                *self._folders,
                watch_filter=self._is_relevant,
                debounce=_DEBOUNCE,
                step=_STEP,
                stop_event=moved,
                recursive=False,
                ignore_permission_denied=True,
            ):
                self._on_change()
            group.cancel_scope.cancel()

    def _is_relevant(self, change: "Change", path: str) -> bool:
        if path.endswith(".py") or path in self._files:
            return True
        name = path.rpartition("/")[2]
        if name.startswith(".") or name in _NEVER:
            return False
        return Path(path) in self._folders or (change.name == "added" and os.path.isdir(path))


async def _set_at_end(stop: anyio.Event) -> None:
    # The watching thread cannot be cancelled, only told: without this the end would wait for it.
    try:
        await anyio.sleep_forever()
    finally:
        stop.set()
