"""One workflow file as the catalog follows it: what is known of it, and whether that is current."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tuiflow.model.failure import Failure
from tuiflow.model.outline import FileReport

_REWRITES = 3
_REWRITES_WITHIN = 5.0  # seconds


@dataclass(slots=True)
class WatchedFile:
    """What the last probes of a file said; changed only by the catalog."""

    file: Path
    good: FileReport | None = None
    """The last report without a failure."""
    failure: Failure | None = None
    """Why the file cannot be imported as it is now."""
    checked: Mapping[str, str] = field(default_factory=dict[str, str])
    """Hashes the two above speak of; empty before the first look."""
    parses: bool = True
    names: int = 0
    """The folder's listing when it failed: a module that was missing may have come."""
    is_probing: bool = False
    was_probed: bool = False
    is_warming: bool = False
    """Probed although nothing has changed, which is nothing to show."""
    missing_since: float | None = None
    rewrites: tuple[float, ...] = ()

    @property
    def is_probed_anew(self) -> bool:
        return self.is_probing and not self.is_warming

    def paths(self) -> set[str]:
        """Name every file whose change makes this one stale."""
        good = self.good.hashes if self.good else {}
        return {str(self.file), *self.checked, *good}

    def is_stale(self, disk: Mapping[str, str], names: int) -> bool:
        """Say whether a probe is needed; going back to the last good revision needs none."""
        if self.checked and _equal(self.checked, disk):
            return self.failure is not None and self.names != names
        if self.good is not None and self.good.hashes and _equal(self.good.hashes, disk):
            self.checked, self.failure = self.good.hashes, None
            return False
        return True

    def take_syntax_error(self, failure: Failure, disk: Mapping[str, str], names: int) -> bool:
        """Note that the text does not parse, which needs no probe; False when that is known."""
        self.parses = False
        if self.failure == failure and self.checked == {str(self.file): disk[str(self.file)]}:
            self.names = names
            return False
        self.failure, self.names = failure, names
        self.checked = {str(self.file): disk[str(self.file)]}
        return True

    def take_good(self, report: FileReport, before: Mapping[str, str]) -> None:
        self.good, self.failure = report, None
        self.checked = report.hashes or {str(self.file): before[str(self.file)]}

    def take_failure(
        self, failure: Failure, hashes: Mapping[str, str], before: Mapping[str, str], names: int
    ) -> None:
        # An import that died early read little: what the last good one read counts as well.
        self.failure, self.names = failure, names
        self.checked = {**before, **hashes}

    def has_rewritten_itself(self, now: float, disk: Mapping[str, str]) -> bool:
        """Count an import that changed its own files; True when they come too fast to follow."""
        if _equal(self.checked, disk):
            return False
        recent = tuple(at for at in self.rewrites if now - at < _REWRITES_WITHIN)
        self.rewrites = (*recent, now)
        if len(self.rewrites) < _REWRITES:
            return False
        self.checked, self.rewrites = {path: disk[path] for path in self.checked}, ()
        return True


def _equal(hashes: Mapping[str, str], disk: Mapping[str, str]) -> bool:
    return all(disk.get(path) == digest for path, digest in hashes.items())
