"""What a run that goes on, or begins in the middle, does not do again; and what changed since."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tuiflow.catalog import WorkflowEntry, relative_name
from tuiflow.engine.journal import Journal
from tuiflow.model.ids import NodePath, RunId, path_name
from tuiflow.store import RunRecord, Store
from tuiflow.workflow.reading_journal import read_past

_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class Reuse:
    """What is reused, and what of it another code has made than there is now."""

    steps: tuple[NodePath, ...] = ()
    changed: tuple[NodePath, ...] = ()
    """Nodes as in the outline: steps, and what had decided something."""
    files: tuple[str, ...] = ()
    """Files of the project that read differently since, by their path in it."""

    @property
    def sentences(self) -> tuple[str, ...]:
        """Say it to a person, what changed last."""
        return (_kept_words(self.steps), *self.warnings)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Say only what has changed."""
        return tuple(_changed_words(self.changed, self.files))


async def foresee(
    store: Store, run: RunRecord, entry: WorkflowEntry, project: Path, from_path: NodePath | None
) -> Reuse:
    """Say what the run would reuse if it went on, or began at a node again, with a file's code."""
    if from_path is not None:
        run = replace(run, run_id=RunId(""), source_run_id=run.run_id, from_path=from_path)
    journal = await read_past(store, run)
    if not journal.gave:
        return Reuse()
    return Reuse(
        tuple(journal.gave),
        journal.changed_in(entry.outline.root),
        tuple(sorted(await _changed_files(store, journal, entry, project))),
    )


async def _changed_files(
    store: Store, journal: Journal, entry: WorkflowEntry, project: Path
) -> set[str]:
    changed: set[str] = set()
    for revision in journal.revisions - {entry.report.revision}:
        report = await store.get_report(revision)
        before, now = report.hashes if report else {}, entry.report.hashes
        changed |= {file for file, digest in before.items() if now.get(file) != digest}
    return {relative_name(Path(file), project) for file in changed}


def _kept_words(steps: Sequence[NodePath]) -> str:
    if not steps:
        return "No finished step is reused."
    # Those of a loop have one name in every turn.
    times = Counter(path_name(path) for path in steps)
    names = [name if count == 1 else f"{name} ({count} times)" for name, count in times.items()]
    return f"Reused and not run: {_listed(names)}."


def _changed_words(nodes: Sequence[NodePath], files: Sequence[str]) -> Iterator[str]:
    if nodes:
        when = "it ran" if len(nodes) == 1 else "they ran"
        names = _listed([path_name(path) for path in nodes])
        yield f"Changed since {when}, and reused all the same: {names}."
    if files:
        yield f"Files that read differently since: {_listed(files)}."


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
