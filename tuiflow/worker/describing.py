"""Says why an import failed, in the author's lines: frames of Python's import and ours left out."""

import importlib
import sys
from pathlib import Path

from tuiflow.model.failure import Failure, Frame, describe_exception

_PACKAGE = Path(__file__).resolve().parent.parent
_IMPORTLIB = Path(importlib.__file__).parent
_SAMPLES = _PACKAGE / "workflows"


def describe_import_error(error: BaseException) -> Failure:
    """Turn what an import raised into data, with a sentence where Python's own is too short."""
    failure = _authors_frames(describe_exception(error))
    match error:
        case SyntaxError(filename=str(file), lineno=int(line)):
            source = (error.text or "").strip()
            frame = Frame(file=file, line=line, function="<module>", source=source)
            return failure.model_copy(update={"frames": (*failure.frames, frame)})
        case ModuleNotFoundError():
            return _with_message(failure, f"{failure.message} in {sys.executable}")
        case SystemExit():
            return _with_message(
                failure,
                f"it calls sys.exit({error.code!r}) when it is imported: "
                "put that under `if __name__ == '__main__':`",
            )
        case _:
            return failure


def _with_message(failure: Failure, message: str) -> Failure:
    return failure.model_copy(update={"message": message})


def _authors_frames(failure: Failure) -> Failure:
    frames = tuple(frame for frame in failure.frames if not _is_machinery(frame.file))
    cause = _authors_frames(failure.cause) if failure.cause else None
    return failure.model_copy(update={"frames": frames, "cause": cause})


def _is_machinery(file: str) -> bool:
    path = Path(file)
    if file.startswith("<frozen importlib") or path.parent == _IMPORTLIB:
        return True
    return path.is_relative_to(_PACKAGE) and not path.is_relative_to(_SAMPLES)
