"""What a step can ask of the completed runs of its session: texts, and only when it asks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

Turn = tuple[str, str]
"""What a run was given and what it gave, as text."""
ReadPast = Callable[[int | None], Sequence[Turn]]
"""Reads the newest so many completed runs before this one, oldest first; None for all."""


@dataclass(frozen=True, slots=True)
class PastRuns:
    """The completed runs of a session before this run."""

    read: ReadPast
    usual: int | None = None
    """How many are given where nobody says how many; None for all."""

    def turns(self, num_runs: int | None) -> list[Turn]:
        """Give input and content of each, oldest first."""
        wanted = self.usual if num_runs is None else num_runs
        if wanted is not None and wanted <= 0:
            return []
        return list(self.read(wanted))

    def by(self, usual: int) -> "PastRuns":
        """Give the same past with another usual number."""
        return replace(self, usual=usual)


def write_context(turns: Sequence[Turn]) -> str | None:
    """Write turns as language models are given them; None for none."""
    if not turns:
        return None
    lines = ["<workflow_history_context>"]
    for number, (given, gave) in enumerate(turns, start=1):
        lines.append(f"[Workflow Run-{number}]")
        lines += [f"User input: {given}"] if given else []
        lines += [f"Workflow output: {gave}"] if gave else []
        lines.append("")
    return "\n".join([*lines, "</workflow_history_context>"])
