import sys
from types import FrameType

from tuiflow.engine import executor
from tuiflow.worker.cancelling import is_authors_turn


def frame_in(file: str, call: object = None) -> FrameType:
    """Give the innermost of frames whose code says it stands in these files."""
    code = compile("def frame(inner=None):\n    return inner() if inner else here()", file, "exec")
    names: dict[str, object] = {"here": lambda: sys._getframe(1)}
    exec(code, names)
    return names["frame"](call)  # type: ignore[operator]


def test_an_authors_function_called_by_the_engine_may_be_interrupted():
    author = frame_in(executor.__file__, lambda: frame_in("/project/flow.py"))

    assert is_authors_turn(author)


def test_the_engines_own_code_and_what_it_calls_may_not():
    import json

    import anyio

    assert not is_authors_turn(None)
    assert not is_authors_turn(frame_in(executor.__file__))
    assert not is_authors_turn(frame_in(anyio.__file__))
    recording = frame_in(
        executor.__file__.replace("executor", "life"), lambda: frame_in(json.__file__)
    )
    assert not is_authors_turn(recording)
