"""Starts runs: the row first, then a worker that claims it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from anyio import CancelScope
from pydantic import JsonValue

from tuiflow.catalog import Catalog, WorkflowEntry
from tuiflow.errors import (
    InputError,
    NestedRunError,
    StoreError,
    WorkerError,
    WorkflowNotFoundError,
)
from tuiflow.model.content import EncodedContent, encode_content
from tuiflow.model.events import WorkflowCrashedEvent
from tuiflow.model.ids import RunId, SessionId, new_run_id, root_path, short_id
from tuiflow.model.media import Medium
from tuiflow.model.outline import WorkflowOutline
from tuiflow.service.lost_runs import LostRuns
from tuiflow.service.reusing import Reuse, foresee
from tuiflow.store import NewRun, ReadMedium, RunRecord, Store, describe_process, read_media
from tuiflow.supervisor import Workers
from tuiflow.workflow.runs import check_additional_data
from tuiflow.workflow.taking_over import check_goes_on, check_start, run_again, whole_path

_SHOWN = 40  # characters of an input that is refused


@dataclass(frozen=True)
class Whose:
    """The session and the user a run belongs to; None for those its workflow names, if any."""

    session_id: SessionId | None = None
    user_id: str | None = None


NOBODY = Whose()


@dataclass(frozen=True)
class Same:
    """Stands for the input of the run before."""


SAME = Same()


class Starter:
    """Makes runs of what the catalog offers."""

    def __init__(
        self,
        store: Store,
        catalog: Catalog,
        workers: Workers,
        lost: LostRuns,
        now: Callable[[], int],
    ) -> None:
        self._store = store
        self._catalog = catalog
        self._workers = workers
        self._lost = lost
        self._now = now

    async def start(
        self,
        key: str,
        given: JsonValue,
        additional_data: dict[str, JsonValue] | None,
        media: Sequence[Medium] = (),
        whose: Whose = NOBODY,
    ) -> RunId:
        """Start a workflow with the code that is on disk now, else its last good revision."""
        entry = await self._find(key)
        check_input(entry.outline, given)
        check_additional_data(additional_data)
        read = await read_media(media)
        return await self._start(entry, encode_content(given), additional_data, read, whose)

    async def start_again(self, run_id: RunId) -> RunId:
        """Start a run's workflow again: the same input and session, and the code of today."""
        run = await self._store.get_run(run_id)
        if run.root_run_id is not None and run.root_run_id != run_id:
            raise NestedRunError(run_id, run.root_run_id)
        if not run.input.restorable:
            raise InputError(
                f"run {run_id} cannot be started again: of its input, a {run.input.type}, "
                "only a preview was stored"
            )
        blob = await self._store.get_blob(run.input.blob) if run.input.blob else None
        entry = await self._find_again(run)
        given = EncodedContent(run.input, blob)
        media = [ReadMedium(each) for each in run.media]
        whose = Whose(run.session_id, run.user_id)
        return await self._start(entry, given, run.additional_data, media, whose)

    async def foresee(self, run_id: RunId, from_path: str | None, project: Path) -> Reuse:
        """Say what a run would reuse if it went on, or a new one that begins at a node of it."""
        run = await self._store.get_run(run_id)
        check_goes_on(run, run.workflow_name, with_input=False)
        path = whole_path(run.workflow_name, from_path) if from_path else None
        await check_start(self._store, run, path)
        return await foresee(self._store, run, await self._find_again(run), project, path)

    async def resume(self, run_id: RunId) -> None:
        """Let a run that has ended go on with the code of today, in a worker of its own."""
        run = await self._store.get_run(run_id)
        check_goes_on(run, run.workflow_name)
        entry = await self._find_again(run)
        revision, starter = entry.report.revision, describe_process(run_id, "starter")
        await self._store.reopen_run(run_id, revision=revision, starter=starter)
        await self._give(run, entry)

    async def rerun(self, run_id: RunId, from_path: str | None, given: JsonValue | Same) -> RunId:
        """Start a run that reuses what another did before a node, with the code of today."""
        source = await self._store.get_run(run_id)
        is_same = isinstance(given, Same)
        check_goes_on(source, source.workflow_name, with_input=is_same)
        path = whole_path(source.workflow_name, from_path) if from_path else None
        await check_start(self._store, source, path)
        entry = await self._find_again(source)
        if not is_same:
            check_input(entry.outline, given)
        encoded = EncodedContent(source.input) if is_same else encode_content(given)
        run = replace(
            run_again(source, new_run_id(), path, encoded),
            revision=entry.report.revision,
            file=str(entry.file),
            outline=entry.outline.root,
            hidden_kinds=entry.outline.hidden_kinds,
        )
        return await self._create(run, entry)

    async def _find(self, key: str) -> WorkflowEntry:
        try:
            return await self._catalog.fresh(key)
        except WorkflowNotFoundError:
            # It may have been written a moment ago.
            await self._catalog.catch_up()
            return self._catalog.find(key)

    async def _find_again(self, run: RunRecord) -> WorkflowEntry:
        for entry in self._catalog.state.entries:
            if entry.name == run.workflow_name and str(entry.file) == run.file:
                return await self._find(entry.key)
        return await self._find(run.workflow_name)

    async def _start(
        self,
        entry: WorkflowEntry,
        given: EncodedContent,
        additional_data: dict[str, JsonValue] | None,
        media: Sequence[ReadMedium],
        whose: Whose,
    ) -> RunId:
        raws = (given.blob, *(each.raw for each in media))
        run = NewRun(
            run_id=new_run_id(),
            workflow_name=entry.name,
            input=given.stored,
            additional_data=additional_data,
            revision=entry.report.revision,
            file=str(entry.file),
            created_at=self._now(),
            session_id=whose.session_id or entry.outline.session_id,
            user_id=whose.user_id or entry.outline.user_id,
            workflow_id=entry.outline.workflow_id or None,
            hidden_kinds=entry.outline.hidden_kinds,
            outline=entry.outline.root,
            media=tuple(each.stored for each in media),
            blobs=tuple(raw for raw in raws if raw is not None),
        )
        return await self._create(run, entry)

    async def _create(self, run: NewRun, entry: WorkflowEntry) -> RunId:
        await self._store.create_run(run, starter=describe_process(run.run_id, "starter"))
        await self._give(run, entry)
        return run.run_id

    async def _give(self, run: NewRun | RunRecord, entry: WorkflowEntry) -> None:
        try:
            await self._workers.start(run.run_id, entry.name, entry.report)
        except WorkerError as error:
            await self._give_up(run, str(error))
        except BaseException:
            # Nobody would claim it any more: a pending run must not stay behind.
            with CancelScope(shield=True):
                await self._store.request_cancel(
                    run.run_id, kill_after=self._now(), reason="its start was interrupted"
                )
            raise

    async def _give_up(self, run: NewRun, reason: str) -> None:
        event = WorkflowCrashedEvent(
            run_id=run.run_id,
            node_path=root_path(run.workflow_name),
            at=self._now(),
            reason=f"not started: {reason}",
        )
        try:
            is_first = await self._store.end_run(run.run_id, event)
        except StoreError:
            lost = f"run {short_id(run.run_id)} was {event.reason}; that cannot be recorded"
            self._lost.add(run.run_id, None, lost)
            raise
        # A run that is over was cancelled before its worker could claim it: that is no error.
        if is_first:
            raise WorkerError(reason)


def check_input(outline: WorkflowOutline, given: JsonValue) -> None:
    """Refuse what certainly does not fit before a run is made; the worker's model has the say."""
    schema = outline.input_schema
    if schema is None or schema.get("type") != "object":
        return
    fields = _as_object(outline.name, given)
    missing = [name for name in _strings(schema.get("required")) if name not in fields]
    known = cast("Mapping[str, object]", schema.get("properties", {}))
    unknown = [name for name in fields if name not in known]
    if schema.get("additionalProperties") is False and unknown:
        has = f"it has {', '.join(known)}" if known else "it has none"
        raise InputError(f"the input of {outline.name!r} has no {_listed(unknown)}: {has}")
    # A field given by another name than its alias looks unknown: then the model decides.
    if missing and not unknown:
        raise InputError(f"the input of {outline.name!r} needs {_listed(missing)}")


def _as_object(name: str, given: JsonValue) -> Mapping[str, JsonValue]:
    if isinstance(given, str):
        try:
            given = cast("JsonValue", json.loads(given))
        except (ValueError, RecursionError):
            raise InputError(
                f"the input of {name!r} is a JSON object, not the text {given[:_SHOWN]!r}"
            ) from None
    if given is None:
        return {}
    if not isinstance(given, dict):
        shown = json.dumps(given)[:_SHOWN]
        raise InputError(f"the input of {name!r} is a JSON object, not {shown}")
    return given


def _strings(value: JsonValue) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _listed(names: list[str]) -> str:
    return ", ".join(repr(name) for name in names)
