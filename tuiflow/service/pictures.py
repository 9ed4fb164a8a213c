"""Pictures as few pixels as a terminal has room for; decoded in a process of their own."""

import sys
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event

from anyio import move_on_after, to_thread

from tuiflow.model.stored_medium import StoredMedium
from tuiflow.store import Store

PATIENCE = 15.0  # seconds
MOST_SIDE = 400  # pixels of what is drawn
_PROGRAM = Path(__file__).with_name("thumbnail.py")


@dataclass(frozen=True, slots=True)
class Picture:
    """A small picture: rows of pixels, three bytes each; or why there is none."""

    width: int = 0
    height: int = 0
    pixels: bytes = b""
    problem: str = ""


async def read_picture(store: Store, medium: StoredMedium, columns: int, rows: int) -> Picture:
    """Shrink a stored image to fit so many pixels."""
    raw = await store.get_blob(medium.digest) if medium.digest else None
    if raw is None:
        return Picture(problem="its bytes are not in the database")
    return await shrink(raw, min(columns, MOST_SIDE), min(rows, MOST_SIDE))


async def shrink(raw: bytes, columns: int, rows: int) -> Picture:
    """Shrink a picture of any of the usual formats."""
    try:
        process, is_heard = _launch(columns, rows), Event()
    except OSError as error:
        return Picture(problem=f"its decoder cannot be started: {error.strerror}")

    def hear() -> tuple[bytes, bytes]:
        is_heard.set()
        return process.communicate(raw)

    try:
        with move_on_after(PATIENCE):
            # On a thread that reaps it, whatever becomes of whoever waits.
            shown, said = await to_thread.run_sync(hear, abandon_on_cancel=True)
            return Picture(problem=_problem(said)) if process.returncode else _picture(shown)
    finally:
        process.kill()
        if not is_heard.is_set():
            process.communicate()
    return Picture(problem="it takes too long to be decoded")


def _launch(columns: int, rows: int) -> Popen[bytes]:
    # `-P`: no module is taken from the folder that happens to be the current one.
    command = [sys.executable, "-P", str(_PROGRAM), str(columns), str(rows)]
    return Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, start_new_session=True)


def _picture(written: bytes) -> Picture:
    head, _, pixels = written.partition(b"\n")
    width, height = (int(word) for word in head.split())
    return Picture(width, height, pixels)


def _problem(said: bytes) -> str:
    """Take our own sentence, or the last line of a traceback without the exception's name."""
    last = said.decode(errors="replace").strip().rpartition("\n")[2]
    if said.startswith(b"Traceback"):
        return f"it cannot be decoded: {last.rpartition('Error: ')[2] or last}"
    return last or "its decoder died"
