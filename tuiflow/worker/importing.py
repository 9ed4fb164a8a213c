"""Imports a workflow file as a real module and reports what it offers, or why it cannot be."""

import faulthandler
import importlib
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec
from pathlib import Path
from types import ModuleType

import psutil

from tuiflow.errors import DefinitionError
from tuiflow.model.control import ImportFile
from tuiflow.model.failure import Failure
from tuiflow.model.outline import FileReport
from tuiflow.model.revision import decode_source
from tuiflow.worker.describing import describe_import_error
from tuiflow.worker.offering import Offer, find_offers
from tuiflow.worker.revision import Recorder, watch_opens
from tuiflow.worker.signals import kept_signals
from tuiflow.worker.stored_sources import ProjectFinder
from tuiflow.workflow import Workflow
from tuiflow.workflow.importing import importing


@dataclass(frozen=True)
class ImportedFile:
    """A file that has been imported in this process, and the workflows it offers by name."""

    report: FileReport
    workflows: Mapping[str, Workflow]


def import_file(order: ImportFile, *, spool: int) -> ImportedFile:
    """Import the file; whatever it raises becomes the report's failure.

    One that takes longer than `order.seconds` ends this process, where it was written to `spool`.
    """
    os.chdir(order.project)
    recorder = Recorder(Path(order.project), Path(order.file))
    recorder.stored = {path: decode_source(text) for path, text in (order.sources or {}).items()}
    began, threads_before = time.perf_counter(), threading.active_count()
    faulthandler.dump_traceback_later(order.seconds, exit=True, file=spool)
    try:
        with kept_signals(), importing(order.file):
            offers, failure = _import_recorded(Path(order.file), recorder)
    finally:
        faulthandler.cancel_dump_traceback_later()
    report = FileReport(
        file=order.file,
        revision=recorder.revision,
        workflows=tuple(offer.outline for offer in offers),
        sources=recorder.sources,
        hashes=recorder.hashes,
        failure=failure,
        python=sys.executable,
        seconds=time.perf_counter() - began,
        keeps_threads=threading.active_count() > threads_before or _has_children(),
    )
    return ImportedFile(report, {offer.workflow.name: offer.workflow for offer in offers})


def _import_recorded(file: Path, recorder: Recorder) -> tuple[Sequence[Offer], Failure | None]:
    watch_opens(recorder)
    recorder.is_active = True
    try:
        module = _import_as_module(file, recorder)
        return find_offers(module, recorder.read(str(file))), None
    except BaseException as error:  # noqa: BLE001 - a user's module may raise or exit as it likes
        return (), describe_import_error(error)
    finally:
        recorder.is_active = False


def _import_as_module(file: Path, recorder: Recorder) -> ModuleType:
    root, name = module_name(file)
    if name in sys.modules:
        raise DefinitionError(file.name, f"{name!r} is the name of a loaded module: rename it")
    finder = ProjectFinder(recorder)
    sys.meta_path.insert(0, finder)
    # The project's own packages stand beside its folder of workflows, and are often not installed.
    sys.path[:0] = dict.fromkeys((str(root), str(recorder.project)))
    sys.argv = [str(file)]
    parent_name, _, tail = name.rpartition(".")
    parent = importlib.import_module(parent_name) if parent_name else None
    if name in sys.modules:
        # Its own package has imported it: a second copy would be another module.
        return sys.modules[name]
    spec = finder.make_spec(name, file, is_package=file.name == "__init__.py")
    if spec is None or spec.loader is None:
        raise DefinitionError(file.name, "it is not a Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    if parent is not None:
        setattr(parent, tail, module)
    return module


def module_name(file: Path) -> tuple[Path, str]:
    """Give a file's root, the nearest ancestor without __init__.py, and its dotted name there."""
    is_package = file.name == "__init__.py"
    parts = [] if is_package else [file.stem.replace(".", "_")]
    root = file.parent
    while os.path.exists(root / "__init__.py") and root != root.parent:
        parts.insert(0, root.name)
        root = root.parent
    return root, ".".join(parts)


def _has_children() -> bool:
    return bool(psutil.Process().children())
