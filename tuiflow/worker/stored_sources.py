"""How project modules are loaded: from their source always, and from a stored one where given.

Cached bytecode is passed over: it is judged by a time in whole seconds and a size, and two quick
saves of one size would give the older code.
"""

import linecache
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType

from tuiflow.worker.revision import Recorder


class FreshLoader(SourceFileLoader):
    """Compiles the source at every import, and tells the recorder what it compiled."""

    def __init__(self, fullname: str, path: str, recorder: Recorder) -> None:
        super().__init__(fullname, path)
        self._recorder = recorder

    def get_code(self, fullname: str) -> CodeType | None:
        raw = self._recorder.read(self.path)
        self._recorder.note(self.path, raw)
        _remember_lines(self.path, raw)
        return self.source_to_code(raw, self.path)

    def get_source(self, fullname: str) -> str | None:
        return self._recorder.read(self.path).decode(errors="replace")


def _remember_lines(path: str, raw: bytes) -> None:
    # A traceback shows the lines that run, also once the file on disk has other ones; without a
    # time the cache never looks at the disk.
    lines = raw.decode(errors="replace").splitlines(keepends=True)
    linecache.cache[path] = (len(raw), None, lines, path)


class ProjectFinder(MetaPathFinder):
    """Finds the project's modules, stored ones first; leaves all others to Python."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if self._recorder.stored and (stored := self._find_stored(fullname, path)):
            return stored
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None or not isinstance(spec.loader, SourceFileLoader):
            return None
        if not self._recorder.belongs(spec.origin):
            return None
        spec.loader = FreshLoader(fullname, spec.origin, self._recorder)
        return spec

    def _find_stored(self, fullname: str, path: Sequence[str] | None) -> ModuleSpec | None:
        tail = fullname.rpartition(".")[2]
        for folder in sys.path if path is None else path:
            for candidate, is_package in (
                (Path(folder, tail, "__init__.py"), True),
                (Path(folder, f"{tail}.py"), False),
            ):
                if str(candidate) in self._recorder.stored:
                    return self.make_spec(fullname, candidate, is_package=is_package)
        return None

    def make_spec(self, fullname: str, file: Path, *, is_package: bool) -> ModuleSpec | None:
        """Describe a module of the project that stands, or once stood, in this file."""
        return spec_from_file_location(
            fullname,
            file,
            loader=FreshLoader(fullname, str(file), self._recorder),
            submodule_search_locations=[str(file.parent)] if is_package else None,
        )
