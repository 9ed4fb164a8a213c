"""Has a worker import a file; the death of the process is then the file's failure."""

import hashlib
from pathlib import Path

from anyio import fail_after

from tuiflow.errors import WorkerError
from tuiflow.model.control import OWN_ERROR, Imported, ImportFile
from tuiflow.model.failure import Failure, Frame
from tuiflow.model.last_words import LastWords
from tuiflow.model.outline import FileReport
from tuiflow.model.revision import encode_source, revision_of
from tuiflow.supervisor.launcher import Worker, WorkerGoneError

SPARE_SECONDS = 1.0
"""How much longer than its limit an import may live: its process ends itself, and says where."""
_PACKAGE = str(Path(__file__).resolve().parent.parent / "worker")


async def import_in(worker: Worker, order: ImportFile) -> FileReport:
    """Give the order and wait for the report, for as long as an import may take."""
    try:
        await worker.send(order)
        with fail_after(order.seconds + SPARE_SECONDS):
            answer = await worker.receive()
    except TimeoutError:
        worker.kill()
        return failed_report(order.file, _too_long(order, worker.last_words()), worker.python)
    except WorkerGoneError as gone:
        worker.kill()
        return failed_report(order.file, _death(order, gone.words), worker.python)
    if not isinstance(answer, Imported):
        raise WorkerError(f"a worker of {worker.python} said {answer.kind} instead of a report")
    return answer.report


def failed_report(file: str, failure: Failure, python: Path) -> FileReport:
    """Report a file whose import left nothing to report, as it stands on disk."""
    try:
        raw = Path(file).read_bytes()
    except OSError:
        raw = b""
    hashes = {file: hashlib.sha256(raw).hexdigest()}
    return FileReport(
        file=file,
        revision=revision_of(hashes),
        sources={file: encode_source(raw)},
        hashes=hashes,
        failure=failure,
        python=str(python),
    )


def is_current(report: FileReport) -> bool:
    """Say whether everything a report was made of is still on disk as it was."""
    return all(_hash_of(path) == digest for path, digest in report.hashes.items())


def _hash_of(path: str) -> str | None:
    try:
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):  # or what is no path at all
        return None


def _death(order: ImportFile, words: LastWords) -> Failure:
    if words.took_too_long:
        return _too_long(order, words)
    frames = _authors_frames(words)
    if words.signal:
        return Failure(
            type=words.signal,
            message=f"the import ended its process by {words.signal}{_at(frames, order.project)}",
            frames=frames,
            notes=words.lines,
        )
    if words.lines and words.lines[-1].startswith(OWN_ERROR):
        return Failure(type="WorkerError", message=words.lines[-1], notes=words.lines)
    return Failure(
        type="WorkerError",
        message="the import ended its process without a word: "
        "by os._exit, or killed from outside or for want of memory",
        notes=words.lines,
    )


def _too_long(order: ImportFile, words: LastWords) -> Failure:
    frames = _authors_frames(words)
    return Failure(
        type="TimeoutError",
        message=f"the import did not end in {order.seconds:g} s{_at(frames, order.project)}",
        frames=frames,
        notes=words.lines,
    )


def _authors_frames(words: LastWords) -> tuple[Frame, ...]:
    return tuple(
        frame
        for frame in words.frames
        if not frame.file.startswith(("<frozen", _PACKAGE)) and "/runpy.py" not in frame.file
    )


def _at(frames: tuple[Frame, ...], project: str) -> str:
    if not frames:
        return ""
    own = [frame for frame in frames if frame.file.startswith(project)]
    frame = (own or frames)[-1]
    return f"; it was at {frame.file}:{frame.line}"
