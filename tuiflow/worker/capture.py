"""What a run says beside its events, made lines of the step that said it.

Text written through Python carries its step in a ContextVar; what C code and child processes
write goes to the spool and is given to a step by `spool.py`.
"""

import builtins
import io
import logging
import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from tuiflow.engine import RunContext, current_context
from tuiflow.errors import RunError
from tuiflow.model.events import RUN_END_KINDS, StepLogEvent
from tuiflow.model.ids import NodePath
from tuiflow.model.run_event import LogLevel, LogStream, RunEvent
from tuiflow.worker.attributing import RunningSteps
from tuiflow.worker.lines import LineCutter
from tuiflow.worker.spool import SpoolTail

_LEVELS: tuple[tuple[int, LogLevel], ...] = (
    (logging.CRITICAL, "critical"),
    (logging.ERROR, "error"),
    (logging.WARNING, "warning"),
    (logging.INFO, "info"),
)

_WORKER = os.getpid()
_LONGEST = 8192  # characters of a line that are held back for its end


class StepWriter(io.TextIOBase):
    """Stands as sys.stdout or sys.stderr: a step's lines go to its log, all others to the fd."""

    encoding = "utf-8"
    errors = "backslashreplace"

    def __init__(self, fd: int, stream: LogStream) -> None:
        self._fd = fd
        self._stream: LogStream = stream
        self._lock = threading.RLock()
        self._open: dict[NodePath, tuple[RunContext, LineCutter]] = {}
        self._begun = ""
        self.buffer = io.FileIO(fd, "wb", closefd=False)
        self.mode = "w"

    @property
    def name(self) -> str:
        return f"<{self._stream}>"

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._fd

    def close(self) -> None:
        """Stay open: a step that closes it would take it from all others."""

    def reconfigure(self, **_: object) -> None:
        """Stay as it is: what is often asked for, UTF-8 line by line, it does."""

    def write(self, text: str) -> int:
        ctx = running_context()
        if ctx is None:
            raw = text if os.getpid() == _WORKER else self._whole_lines(text)
            write_all(self._fd, raw.encode("utf-8", "backslashreplace"))
            return len(text)
        with self._lock:
            cutter = self._open.setdefault(ctx.node_path, (ctx, LineCutter()))[1]
            for line in cutter.feed(text):
                ctx.log(line, stream=self._stream)
        return len(text)

    def _whole_lines(self, text: str) -> str:
        # The processes of a pool write beside each other. Without the lock, which another thread
        # may have held as they were forked.
        whole = self._begun + text
        end = len(whole) if len(whole) > _LONGEST else whole.rfind("\n") + 1
        self._begun = whole[end:]
        return whole[:end]

    def flush(self) -> None:
        """Write the line that a forked child has begun."""
        begun, self._begun = self._begun, ""
        write_all(self._fd, begun.encode("utf-8", "backslashreplace"))

    def finish(self, path: NodePath) -> None:
        """Record the line a step has begun and not ended; called when the step ends."""
        with self._lock:
            ctx, cutter = self._open.pop(path, (None, None))
            for line in cutter.finish() if cutter else []:
                if ctx is not None:
                    # The step is over by now, and its own `log` deaf.
                    event = StepLogEvent(**ctx.envelope(), text=line, stream=self._stream)
                    ctx.scope.host.emit(event)


class StepLogHandler(logging.Handler):
    """Makes a logging record a line of the step that logged it."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = self.format(record)
            if self.formatter is None and record.name != "root":
                text = f"{record.name}: {text}"
            ctx = running_context()
            if ctx is None:
                write_all(2, f"{text}\n".encode("utf-8", "backslashreplace"))
            else:
                ctx.log(text, level_of(record.levelno), stream="logging")
        except Exception:  # noqa: BLE001 - a bad format string must not end the step
            self.handleError(record)


def level_of(number: int) -> LogLevel:
    """Give the nearest level at or below a number of `logging`."""
    for least, level in _LEVELS:
        if number >= least:
            return level
    return "debug"


def running_context() -> RunContext | None:
    """Give the context of the step that is running here, if one is.

    A forked child, such as a pool's, has a copy of it that nobody reads: it writes like any child.
    """
    try:
        ctx = current_context()
    except LookupError:
        return None
    return None if ctx.is_over or os.getpid() != _WORKER else ctx


def write_all(fd: int, raw: bytes) -> None:
    """Write every byte."""
    while raw:
        raw = raw[os.write(fd, raw) :]


class Capture:
    """Everything a worker catches: set up before any of the author's code is imported."""

    def __init__(self, spool: int) -> None:
        self._spool = spool
        self._writers = (StepWriter(1, "stdout"), StepWriter(2, "stderr"))
        sys.stdout, sys.stderr = self._writers
        sys.breakpointhook = _refuse("breakpoint()")
        # `input` is looked up in builtins by every module that calls it.
        builtins.input = _refuse("input()")
        self._tail: SpoolTail[dict[str, Any]] | None = None
        self._running: RunningSteps | None = None

    def begin(self, workflow_name: str, emit: Callable[[RunEvent], None]) -> None:
        """Give the run what is written from now on; `emit` is not to note it again."""

        def say(line: str, whose: dict[str, Any]) -> None:
            emit(StepLogEvent(**whose, text=line, stream="stdout"))

        capture_logging()
        self._running = RunningSteps(workflow_name)
        self._tail = SpoolTail(self._spool, say, self._running.envelope)

    def note(self, event: RunEvent) -> None:
        """Learn from an event that is about to be recorded: what was written stands before it."""
        if self._running is None or self._tail is None:
            return
        self._tail.catch_up(ends_line=self._running.is_ended_by(event))
        if self._running.note(event):
            for writer in self._writers:
                writer.finish(event.node_path)
        if event.nested_run_id is None and event.event in RUN_END_KINDS:
            self._tail.finish()


def capture_logging() -> None:
    """Let `logging` speak through steps, keeping the levels and formats the author has set."""
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(StepLogHandler())
        if root.level == logging.WARNING:
            root.setLevel(logging.INFO)
        return
    for handler in list(root.handlers):
        if isinstance(getattr(handler, "stream", None), StepWriter):
            ours = StepLogHandler(handler.level)
            ours.setFormatter(handler.formatter)
            for wanted in handler.filters:
                ours.addFilter(wanted)
            root.removeHandler(handler)
            root.addHandler(ours)


def _refuse(what: str) -> Callable[..., str]:
    def refuse(*_args: object, **_keywords: object) -> str:
        raise RunError(
            f"{what} has nobody to ask in a worker: run the script in the foreground, "
            f"`python {sys.argv[0]}`"
        )

    return refuse
