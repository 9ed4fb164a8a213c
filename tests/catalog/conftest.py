import hashlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from tests import waiting
from tuiflow.catalog import Catalog, CatalogState
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.ids import Revision
from tuiflow.model.outline import FileReport, NodeKind, Outline, WorkflowOutline

TEXT = 'from tuiflow import Workflow\nworkflow = Workflow(name="{}")\n'


class TextProbe:
    """Reports what a file's text says, as a worker would after importing it."""

    def __init__(self) -> None:
        self.probed: list[str] = []
        self.on_probe: Callable[[Path], None] = lambda file: None

    async def __call__(self, file: Path) -> FileReport:
        await anyio.lowlevel.checkpoint()
        return self.report(file)

    def report(self, file: Path) -> FileReport:
        self.probed.append(file.name)
        text = file.read_text()
        helpers = [file.parent / f"{name}.py" for name in re.findall(r"^import (\w+)", text, re.M)]
        files = [file, *(helper for helper in helpers if helper.exists())]
        hashes = {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        sources = {str(path): path.read_text() for path in files}
        self.on_probe(file)
        failure = None
        if "raise" in text or not all(helper.exists() for helper in helpers):
            frame = Frame(file=str(file), line=2, function="<module>", source="raise")
            failure = Failure(type="KeyError", message="'EUR'", frames=(frame,))
        return FileReport(
            file=str(file),
            revision=Revision(hashlib.sha256(str(sorted(hashes.values())).encode()).hexdigest()),
            workflows=() if failure else tuple(map(_outline, re.findall(r'name="(.*?)"', text))),
            sources=sources,
            hashes=hashes,
            failure=failure,
        )


def _outline(name: str) -> WorkflowOutline:
    return WorkflowOutline(name=name, root=Outline(kind=NodeKind.WORKFLOW, name=name, segment=name))


@pytest.fixture
def probe() -> TextProbe:
    return TextProbe()


def write(file: Path, name: str, more: str = "") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(TEXT.format(name) + more)
    return file


def names(state: CatalogState) -> list[str]:
    return [entry.key for entry in state.entries]


async def until(catalog: Catalog, holds: Callable[[CatalogState], bool]) -> None:
    await waiting.until(lambda: holds(catalog.state))


@asynccontextmanager
async def following(target: Path, project: Path, probe: TextProbe) -> AsyncGenerator[Catalog]:
    """Keep a catalog of a folder or a file fresh, from when it has looked at all of it."""
    catalog = Catalog(target, project, probe=probe)
    async with anyio.create_task_group() as group:
        group.start_soon(catalog.run)
        await until(catalog, lambda state: state.has_scanned and not state.probing)
        yield catalog
        group.cancel_scope.cancel()


@pytest.fixture
async def running(tmp_path: Path, probe: TextProbe) -> AsyncIterator[Catalog]:
    write(tmp_path / "flow.py", "first")
    async with following(tmp_path, tmp_path, probe) as catalog:
        assert names(catalog.state) == ["first"]
        yield catalog
